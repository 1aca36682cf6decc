import type { Seen } from "../../domain/binding.ts";
import type { Claim } from "./rows.ts";
import { PLACES } from "./company.ts";

/**
 * What should be at one spot, worked out anew from design.md and not with the product's own rules: a simulation that
 * asks the product what is right agrees with every mistake in it.
 */
export function expectedOver(baseline: Seen, live: readonly Claim[], place: number, now: number): Seen {
  const before = hasRunOut(baseline, place, now) ? NOTHING : baseline;
  if (live.length === 0) return before;
  const highest = live.reduce((best, { level }) => (rank(level) > rank(best) ? level : best), live[0]?.level ?? null);
  const until = ownExpiry(place, Math.max(...live.map(({ endsAt }) => endsAt)));
  if (highest === null) return before;
  if (before.state === "absent" || rank(before.level) < rank(highest))
    return { state: "present", level: highest, until };
  return { state: "present", level: before.level, until: later(before.until, until) };
}

/** Whether this claim wants its access at this moment. */
export function wantsNow({ state, level, startsAt, endsAt }: Claim, now: number): boolean {
  const hasBegun = state === "ACTIVE" || state === "ACTIVATING" || (state === "SCHEDULED" && startsAt <= now);
  return level !== null && hasBegun && now < endsAt;
}

/** Whether what is seen is at least this level. */
export function gives(seen: Seen, level: string | null): boolean {
  return level === null || (seen.state === "present" && rank(seen.level) >= rank(level));
}

export function rank(level: string | null): number {
  return RANKS.indexOf(level ?? "nothing");
}

const RANKS = ["nothing", "member", "assume", "guest", "planner", "reporter", "developer", "maintainer", "owner"];
const NOTHING: Seen = { state: "absent" };
const DAY = 24 * 3_600_000;

/** GitLab ends a membership when a date begins; a trust policy ends at a moment; a group in IAM has no end. */
function ownExpiry(place: number, end: number): string | null {
  const kind = PLACES[place]?.kind;
  if (kind === "aws-iam-group") return null;
  if (kind === "aws-iam-role") return new Date(end).toISOString();
  return new Date(Math.ceil(end / DAY) * DAY).toISOString().slice(0, 10);
}

function hasRunOut(seen: Seen, place: number, now: number): boolean {
  if (seen.state === "absent" || seen.until === null) return false;
  const iso = new Date(now).toISOString();
  return seen.until <= (PLACES[place]?.connection === "gitlab" ? iso.slice(0, 10) : iso);
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}
