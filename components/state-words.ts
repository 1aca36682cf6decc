import type { Drift } from "#lib/domain/binding.ts";
import type { Level } from "#lib/domain/entitlement.ts";
import type { RequestState } from "#lib/domain/request.ts";
import { proposedWords, type WideningState } from "#lib/domain/widening.ts";
import { anyOf } from "#lib/domain/words.ts";

/** The words of states, where they are more than a word and a time. */

type Asked = {
  readonly state: RequestState;
  readonly deciders: readonly string[];
  /** Who denied it, where the page knows. */
  readonly deniedBy?: string | null;
};

export function requestWords({ state, deciders, deniedBy }: Asked): string {
  switch (state) {
    case "PENDING":
      return deciders.length === 0 ? "Waiting, and nobody can decide" : `Waiting for ${anyOf(deciders)}`;
    case "DENIED":
      return deniedBy ? `Denied by ${deniedBy}` : "Denied";
    case "APPROVED":
      return "Approved";
    case "WITHDRAWN":
      return "Withdrawn";
    case "EXPIRED":
      return "Nobody decided in time";
  }
}

type Proposed = {
  readonly state: WideningState;
  readonly deciders: readonly string[];
  readonly decidedBy: string | null;
};

export function wideningWords({ state, deciders, decidedBy }: Proposed): string {
  switch (state) {
    case "PENDING":
      return deciders.length === 0 ? "Waiting, and nobody can decide" : `Waiting for ${anyOf(deciders)}`;
    case "APPROVED":
      return `Approved by ${decidedBy ?? "somebody"}`;
    case "DENIED":
      return `Denied by ${decidedBy ?? "somebody"}`;
    case "WITHDRAWN":
      return "Withdrawn";
    case "EXPIRED":
      return "Nobody decided in time";
    case "OVERTAKEN":
      return "Overtaken by another change";
  }
}

/** "Ines proposes more of Payments maintainer". */
export function wideningTitle({
  proposerName,
  roleName,
  days,
}: {
  proposerName: string;
  roleName: string | null;
  days: number | null;
}): string {
  return `${proposerName} proposes ${proposedWords(roleName, days)}`;
}

type Place = { readonly applied: boolean; readonly gone: boolean; readonly tries: number };

type Taken = { readonly drift: Drift | null; readonly level: Level | null; readonly taken: boolean };

/** Places that a hand took from a grant: it wants them still, or lost them for good. */
export function takenByHand<T extends Taken>(places: readonly T[]): T[] {
  return places.filter(({ drift, level, taken }) => taken || (drift === "removed-by-hand" && level !== null));
}

export function setupWords(places: readonly Place[]): string {
  return `Being set up (${places.filter((place) => place.applied).length} of ${places.length} done)`;
}

/** `tries` counts the attempts that failed, so the one under way is the next. */
export function removalWords(places: readonly Place[]): string {
  const tries = Math.max(1, ...places.filter((place) => !place.gone).map((place) => place.tries + 1));
  return tries > 1 ? `Being removed, try ${tries}` : "Being removed";
}

const REASON_MAX = 80;

/** A long reason is cut: the grant's own page has all of it. */
export function failureWords(failure: string | null): string {
  if (!failure) return "Could not be set up";
  const reason = failure.length > REASON_MAX ? `${failure.slice(0, REASON_MAX - 1).trimEnd()}…` : failure;
  return `Could not be set up: ${reason}`;
}

/** A removal that takes longer than this is late, and looks like it. */
const LATE_AFTER_MS = 60_000;

export function isLate({ endingAt, closedAt }: { endingAt: Date | null; closedAt: Date | null }, now: Date): boolean {
  return closedAt === null && endingAt !== null && now.getTime() - endingAt.getTime() > LATE_AFTER_MS;
}
