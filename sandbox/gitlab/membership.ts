import { OWNER } from "./levels.ts";
import { ancestorsOf, placesBelow } from "./places.ts";
import type { GitlabState, Member, MemberSource } from "./state.ts";

type Wanted = Pick<Member, "userId" | "accessLevel" | "expiresAt"> & { readonly createdBy: number | null };

/** Adds a direct member; someone who had asked for access stops being a requester. */
export function addMember(source: MemberSource, wanted: Wanted, now: Date): Member {
  const member: Member = { ...wanted, createdAt: now, updatedAt: now };
  source.requesters.delete(wanted.userId);
  source.members.set(wanted.userId, member);
  return member;
}

export function changeMember(
  source: MemberSource,
  member: Member,
  wanted: Pick<Member, "accessLevel" | "expiresAt">,
  now: Date,
): Member {
  const isSame = member.accessLevel === wanted.accessLevel && member.expiresAt === wanted.expiresAt;
  const changed = isSame ? member : { ...member, ...wanted, updatedAt: now };
  source.members.set(member.userId, changed);
  return changed;
}

/**
 * Removes a direct member. Like GitLab, it takes the user's direct memberships in everything below along
 * unless told not to, and quietly keeps the last owner of a group.
 */
export function removeMember(
  state: GitlabState,
  source: MemberSource,
  userId: number,
  { skipSubresources }: { readonly skipSubresources: boolean },
): void {
  if (isLastOwner(state, source, userId)) return;
  source.members.delete(userId);
  if (source.kind === "project" || skipSubresources) return;
  for (const below of placesBelow(state, source)) below.members.delete(userId);
}

/** Nobody else owns the group, directly or from above. Projects may be without an owner. */
export function isLastOwner(state: GitlabState, source: MemberSource, userId: number): boolean {
  if (source.kind === "project" || source.members.get(userId)?.accessLevel !== OWNER) return false;
  const members = [source, ...ancestorsOf(state, source)].flatMap((group) => [...group.members.values()]);
  return !members.some((member) => member.accessLevel === OWNER && member.userId !== userId);
}
