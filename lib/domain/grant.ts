import { allow, refuse, type Verdict } from "./refusals.ts";

export type GrantState =
  "SCHEDULED" | "ACTIVATING" | "ACTIVE" | "ENDING" | "ENDED" | "REVOKING" | "REVOKED" | "ACTIVATION_FAILED";

export const LIVE: readonly GrantState[] = ["SCHEDULED", "ACTIVATING", "ACTIVE"];

/** Live: it gives access now or will. */
export function isLive(state: GrantState): boolean {
  return LIVE.includes(state);
}

type GrantTimes = { readonly state: GrantState; readonly startsAt: Date; readonly endsAt: Date };

/**
 * Whether the grant wants its bindings to hold at this moment. Time alone ends it, whatever its state still says; what has
 * begun stays begun, also when the clock is put back behind its start.
 */
export function wantsAccess(grant: GrantTimes, now: Date): boolean {
  return isLive(grant.state) && hasBegun(grant, now) && now < grant.endsAt;
}

/** The next moment at which `wantsAccess` changes by time alone; null when it never will. */
export function nextTurn(grant: GrantTimes, now: Date): Date | null {
  if (!isLive(grant.state)) return null;
  if (!hasBegun(grant, now)) return grant.startsAt;
  return now < grant.endsAt ? grant.endsAt : null;
}

function hasBegun({ state, startsAt }: GrantTimes, now: Date): boolean {
  return state !== "SCHEDULED" || startsAt <= now;
}

type EndingCase = { readonly state: GrantState; readonly personId: string; readonly ownerIds: readonly string[] };

/** "I'm done": only the holder. */
export function judgeRelease(grant: EndingCase, personId: string): Verdict {
  if (grant.personId !== personId) return refuse("not-allowed");
  return isLive(grant.state) ? allow : refuse("grant-not-live");
}

/** Going on without a gap: only the holder, only of what is in place, and only once. */
export function judgeExtension(
  grant: { readonly state: GrantState; readonly personId: string; readonly isExtended: boolean },
  personId: string,
): Verdict {
  if (grant.personId !== personId) return refuse("not-found");
  if (grant.state !== "ACTIVE") return refuse("grant-not-active");
  return grant.isExtended ? refuse("already-extended") : allow;
}

/** An owner of the role's owner group or an admin takes access back early. */
export function judgeRevocation(grant: EndingCase, by: { personId: string; isAdmin: boolean }): Verdict {
  if (!by.isAdmin && !grant.ownerIds.includes(by.personId)) return refuse("not-allowed");
  return isLive(grant.state) ? allow : refuse("grant-not-live");
}
