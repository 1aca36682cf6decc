import { allow, refuse, type Verdict } from "./refusals.ts";

/** The longest that any role may allow: a week. */
export const LONGEST_MINUTES = 7 * 24 * 60;

/** @param minutes whole, at least 1. @param maxMinutes the role's limit. No length means no grant. */
export function judgeMinutes(minutes: number, maxMinutes: number): Verdict {
  if (!Number.isInteger(minutes) || minutes < 1) return refuse("minutes-invalid");
  if (minutes > maxMinutes) return refuse("minutes-too-long");
  return allow;
}

export function afterMinutes(start: Date, minutes: number): Date {
  return new Date(start.getTime() + minutes * 60_000);
}

/**
 * The date after which GitLab itself removes a membership: never before `end`, at the latest on the first 00:10 UTC
 * after it. GitLab's `expires_at` is a date without a time and takes effect when that date begins.
 * Source: GitLab `concerns/expirable.rb` and the daily RemoveExpiredMembersWorker.
 * @returns "YYYY-MM-DD", UTC.
 */
export function backstopDate(end: Date): string {
  const midnight = Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate());
  const date = midnight === end.getTime() ? midnight : midnight + 24 * 60 * 60_000;
  return new Date(date).toISOString().slice(0, 10);
}

/** A number as somebody typed it, in decimal digits; NaN for anything else, which the rules refuse. */
export function typedNumber(text: string): number {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
}
