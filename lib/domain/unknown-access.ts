import { compareLevels, type Level, type Place } from "./entitlement.ts";
import { allow, refuse, type Verdict } from "./refusals.ts";

/** The longest that an exception may last without anybody looking at it again. */
export const KEEP_DAYS_MAX = 366;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Whether everybody with access at the place should have it through a grant: a GitLab group somewhere under one that is
 * called "roles", and every IAM group or role. Elsewhere people have standing access that is none of Daypass's business.
 */
export function isManaged({ kind, target }: Pick<Place, "kind" | "target">): boolean {
  if (kind === "gitlab-group") return target.toLowerCase().split("/").slice(0, -1).includes("roles");
  return kind === "aws-iam-group" || kind === "aws-iam-role";
}

/** Access that no grant explains, as far as rules look at it. */
export type AccessCase = {
  readonly goneAt: Date | null;
  readonly removalAskedAt: Date | null;
  /** Active owners of the roles that give this place. */
  readonly ownerIds: readonly string[];
};

/** Owners of a role that gives the place, and admins, decide what becomes of it. */
export function judgeRemoval(access: AccessCase, by: { personId: string; isAdmin: boolean }): Verdict {
  if (!by.isAdmin && !access.ownerIds.includes(by.personId)) return refuse("not-allowed");
  if (access.goneAt !== null) return refuse("access-gone");
  return access.removalAskedAt === null ? allow : refuse("access-being-removed");
}

/** @param until the first moment at which it is a finding again */
export function judgeKeeping(
  access: AccessCase,
  until: Date,
  by: { personId: string; isAdmin: boolean },
  now: Date,
): Verdict {
  const verdict = judgeRemoval(access, by);
  if (!verdict.allowed) return verdict;
  const isSoon = until > now && until.getTime() <= now.getTime() + KEEP_DAYS_MAX * DAY_MS;
  return isSoon ? allow : refuse("keep-until-invalid");
}

/** The end of a day "YYYY-MM-DD" in UTC. An invalid date for a day that no calendar has. */
export function endOfDay(day: string): Date {
  const start = new Date(`${day}T00:00:00.000Z`);
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
  return isDay ? new Date(start.getTime() + DAY_MS) : new Date(Number.NaN);
}

type Exception = { readonly keptUntil: Date | null; readonly keptLevel: Level | null };

/** Whether a recorded exception covers what is seen: in time, and not for more than what was looked at when it was made. */
export function isKept(
  kind: Place["kind"],
  { keptUntil, keptLevel }: Exception,
  level: Level | null,
  now: Date,
): boolean {
  if (keptUntil === null || keptUntil <= now) return false;
  if (level === null || keptLevel === null) return level === keptLevel;
  return compareLevels(kind, level, keptLevel) <= 0;
}
