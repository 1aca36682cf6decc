import type { World } from "../world.ts";
import type { Call } from "./context.ts";
import { ancestorsOf } from "./places.ts";
import type { GitlabGroup, GitlabProject, GitlabToken, GitlabUser, Member, MemberSource, Share } from "./state.ts";

/** The JSON of GitLab's objects. The real ones have more fields; these are the ones that clients of access read. */
export function userBasic(call: Call, user: GitlabUser) {
  const { id, username, name, state } = user;
  return { id, username, name, state, locked: false, avatar_url: null, web_url: webUrl(call, username) };
}

export function userFull(call: Call, user: GitlabUser) {
  return {
    ...userBasic(call, user),
    created_at: user.createdAt,
    confirmed_at: user.createdAt,
    email: user.email,
    bot: user.botOfProject !== null,
    external: false,
    is_admin: user.isAdmin,
    identities: user.identities,
    two_factor_enabled: false,
  };
}

export function memberJson(world: World, call: Call, member: Member, level: number, showsCreator = true) {
  const user = world.gitlab.users.get(member.userId);
  const creator = member.createdBy === null ? undefined : world.gitlab.users.get(member.createdBy);
  return {
    ...(user && userBasic(call, user)),
    access_level: level,
    created_at: member.createdAt,
    ...(creator && showsCreator && { created_by: userBasic(call, creator) }),
    expires_at: member.expiresAt,
    group_saml_identity: null,
    membership_state: "active",
  };
}

export function groupJson(world: World, call: Call, group: GitlabGroup) {
  return {
    id: group.id,
    web_url: webUrl(call, `groups/${group.fullPath}`),
    name: group.name,
    path: group.path,
    description: group.description,
    visibility: group.visibility,
    share_with_group_lock: false,
    membership_lock: group.membershipLock,
    avatar_url: null,
    full_name: fullName(world, group),
    full_path: group.fullPath,
    parent_id: group.parentId,
    created_at: group.createdAt,
  };
}

export function groupDetails(world: World, call: Call, group: GitlabGroup) {
  return { ...groupJson(world, call, group), shared_with_groups: sharedWith(world, group.shares) };
}

export function projectJson(world: World, call: Call, project: GitlabProject) {
  const parent = world.gitlab.groups.get(project.parentId);
  return {
    id: project.id,
    name: project.name,
    name_with_namespace: fullName(world, project),
    path: project.path,
    path_with_namespace: project.fullPath,
    description: project.description,
    visibility: project.visibility,
    web_url: webUrl(call, project.fullPath),
    created_at: project.createdAt,
    default_branch: "main",
    archived: false,
    namespace: parent && {
      id: parent.id,
      name: parent.name,
      path: parent.path,
      kind: "group",
      full_path: parent.fullPath,
    },
    shared_with_groups: sharedWith(world, project.shares),
  };
}

export function tokenJson(token: GitlabToken) {
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt,
    scopes: token.scopes,
    user_id: token.userId,
    active: !token.revoked,
    expires_at: token.expiresAt,
  };
}

function sharedWith(world: World, shares: ReadonlyMap<number, Share>) {
  return [...shares.values()].flatMap(({ groupId, accessLevel, expiresAt }) => {
    const group = world.gitlab.groups.get(groupId);
    if (group === undefined) return [];
    return {
      group_id: groupId,
      group_name: group.name,
      group_full_path: group.fullPath,
      group_access_level: accessLevel,
      expires_at: expiresAt,
    };
  });
}

function fullName(world: World, place: MemberSource): string {
  return [place, ...ancestorsOf(world.gitlab, place)]
    .map(({ name }) => name)
    .reverse()
    .join(" / ");
}

function webUrl(call: Call, path: string): string {
  return `${new URL(call.req.url).origin}/gitlab/${path}`;
}
