import { ADMIN } from "./levels.ts";
import { ancestorsOf, placesBelow } from "./places.ts";
import type { GitlabState, GitlabUser, Member, MemberSource, Share } from "./state.ts";

/** How one user comes to have access somewhere. */
export type Reach = {
  readonly member: Member;
  readonly level: number;
  /** The group that was invited, when the access comes through a share. */
  readonly invitedGroupId: number | null;
};

/** Everybody with access, each at the highest level: direct, inherited, and through shares here or above. */
export function everyoneWithAccess(state: GitlabState, source: MemberSource): Map<number, Reach> {
  const highest = new Map<number, Reach>();
  for (const place of [source, ...ancestorsOf(state, source)]) {
    for (const reach of reachesAt(state, place)) {
      const known = highest.get(reach.member.userId);
      if (known === undefined || reach.level > known.level) highest.set(reach.member.userId, reach);
    }
  }
  return highest;
}

/** The level the user really has; administrators have {@link ADMIN} everywhere. 0 is none. */
export function levelOf(state: GitlabState, user: GitlabUser, source: MemberSource): number {
  return user.isAdmin ? ADMIN : memberLevelOf(state, user, source);
}

/** The same from memberships alone. */
export function memberLevelOf(state: GitlabState, user: GitlabUser, source: MemberSource): number {
  return everyoneWithAccess(state, source).get(user.id)?.level ?? 0;
}

/** Whether the user may know that the place exists. A member of something below a private group sees the group too. */
export function maySee(state: GitlabState, user: GitlabUser, source: MemberSource): boolean {
  if (source.visibility !== "private" || levelOf(state, user, source) > 0) return true;
  return source.kind === "group" && placesBelow(state, source).some((below) => memberLevelOf(state, user, below) > 0);
}

/** Whether the user may see who is in the place. */
export function maySeeMembers(state: GitlabState, user: GitlabUser, source: MemberSource): boolean {
  return source.visibility !== "private" || levelOf(state, user, source) > 0;
}

/** The highest membership in a group above; a direct membership may not be lower than it. */
export function inheritedFrom(state: GitlabState, userId: number, source: MemberSource) {
  const held = ancestorsOf(state, source).flatMap((group) => {
    const member = group.members.get(userId);
    return member ? [{ group, level: member.accessLevel }] : [];
  });
  return held.reduce<(typeof held)[number] | null>((top, each) => (top && top.level >= each.level ? top : each), null);
}

function* reachesAt(state: GitlabState, place: MemberSource): Generator<Reach> {
  for (const member of place.members.values()) yield { member, level: member.accessLevel, invitedGroupId: null };
  for (const share of place.shares.values()) yield* reachesThrough(state, place, share);
}

/** An invited group brings its direct members to a group, and everybody it has to a project, capped by the share. */
function* reachesThrough(state: GitlabState, place: MemberSource, share: Share): Generator<Reach> {
  const invited = state.groups.get(share.groupId);
  if (invited === undefined) return;
  const members =
    place.kind === "project"
      ? [...everyoneWithAccess(state, invited).values()]
      : [...invited.members.values()].map((member) => ({ member, level: member.accessLevel }));
  for (const { member, level } of members) {
    yield { member, level: Math.min(level, share.accessLevel), invitedGroupId: invited.id };
  }
}
