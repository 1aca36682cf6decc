import { allow, refuse, type Verdict } from "./refusals.ts";

/** Longer than mails are kept and anybody waits for a decision. */
export const RETENTION_DAYS_MIN = 30;
/** Ten years: longer is for ever. */
export const RETENTION_DAYS_MAX = 3_653;

/** @param days whole, after which the personal fields of what is over are redacted; null to keep them for ever */
export function judgeRetention(days: number | null): Verdict {
  if (days === null) return allow;
  const isSensible = Number.isInteger(days) && days >= RETENTION_DAYS_MIN && days <= RETENTION_DAYS_MAX;
  return isSensible ? allow : refuse("retention-days-invalid");
}

/** Whether more is redacted than before, which nobody can undo. */
export function redactsMore(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

/** What a preview was made against, so that a stale one is noticed. */
export function retentionBasis(days: number | null): string {
  return days === null ? "for-ever" : `${days}-days`;
}
