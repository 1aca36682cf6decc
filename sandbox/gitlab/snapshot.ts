import type { GitlabState, MemberSource } from "./state.ts";

/** GitLab's part of `/_state`: users by name, groups and projects by full path, each with its direct members. */
export function gitlabSnapshot(state: GitlabState) {
  const users = [...state.users.values()].map(({ createdAt: _, ...user }) => [user.username, user] as const);
  const places = (all: Iterable<MemberSource>) =>
    Object.fromEntries([...all].map((place) => [place.fullPath, placeSnapshot(state, place)]));
  return {
    users: Object.fromEntries(users),
    groups: places(state.groups.values()),
    projects: places(state.projects.values()),
  };
}

function placeSnapshot(state: GitlabState, { id, visibility, members, shares, requesters }: MemberSource) {
  const nameOf = (userId: number) => state.users.get(userId)?.username ?? String(userId);
  const rows = [...members.values()].map(({ userId, accessLevel, expiresAt }) => ({
    username: nameOf(userId),
    access_level: accessLevel,
    expires_at: expiresAt,
  }));
  return {
    id,
    visibility,
    members: rows.sort((a, b) => a.username.localeCompare(b.username)),
    shared_with: [...shares.values()].map(({ groupId, accessLevel, expiresAt }) => ({
      group: state.groups.get(groupId)?.fullPath ?? String(groupId),
      access_level: accessLevel,
      expires_at: expiresAt,
    })),
    requesters: [...requesters].map(nameOf).sort(),
  };
}
