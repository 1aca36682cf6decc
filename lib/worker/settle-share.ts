import { afterMinutes } from "../domain/duration.ts";
import { nextTurn, type GrantState } from "../domain/grant.ts";
import { wantsBinding, type BindingRow, type GrantShare } from "./read-binding.ts";

/** One grant's share after this look, and the grant's state when the look was the last that it waited for. */
export type SettledShare = {
  readonly grant: GrantShare;
  readonly applied: boolean;
  readonly gone: boolean;
  readonly state: GrantState;
  readonly closes: boolean;
  /** Set when the grant became active now: the clock starts here. */
  readonly endsAt: Date | null;
};

/** A grant that was approved before a hand took the place, and begins later, does not bring it back (decision 032). */
export function takeWhatIsToBegin(grant: GrantShare): GrantShare {
  const isToBegin = grant.state === "SCHEDULED" && !grant.applied && grant.level !== null;
  return isToBegin ? { ...grant, level: null, taken: true } : grant;
}

/** `drifted`: what is seen differs from what is wanted, and a hand is why. */
export function settleShare(grant: GrantShare, binding: BindingRow, drifted: boolean): SettledShare {
  const wants = wantsBinding(grant, binding.now);
  const applied = wants && (grant.applied || !drifted);
  const isOver = grant.level === null || !isWaiting(grant, binding.now);
  // Wanted again, after the clock was put back, it is not gone any more.
  const gone = !wants && (grant.gone || isOver);
  const share = { grant, applied, gone, state: grant.state, closes: false, endsAt: null };

  const isComplete = grant.state === "ACTIVATING" && grant.othersToApply === 0 && (applied || grant.level === null);
  if (isComplete) return { ...share, state: "ACTIVE", endsAt: afterMinutes(binding.now, grant.minutes) };
  const isGone = share.gone && grant.othersToGo === 0;
  if (!isGone) return share;
  if (grant.state === "ENDING") return { ...share, state: "ENDED", closes: true };
  if (grant.state === "REVOKING") return { ...share, state: "REVOKED", closes: true };
  return grant.state === "ACTIVATION_FAILED" ? { ...share, closes: true } : share;
}

/** Scheduled: it does not want its access yet, but it is not over either. */
function isWaiting(grant: GrantShare, now: Date): boolean {
  return nextTurn(grant, now) !== null;
}
