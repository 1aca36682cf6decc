import type { Change, Json } from "./change.ts";
import { isPlaceKind, providerOf, type Provider } from "./entitlement.ts";
import { kindsOf, type Outcome } from "./outcome.ts";
import { allow, refuse, type Verdict } from "./refusals.ts";

/** Which entries of the history are meant. Every field that is there must fit; times are ISO 8601, `until` excluded. */
export type SelectionFilter = {
  /** Words all of which the entry says; the last may be only begun. */
  readonly words?: string;
  readonly kind?: string;
  readonly outcome?: Outcome;
  /** Names a place at this provider. */
  readonly provider?: Provider;
  /** Names this place. */
  readonly target?: string;
  readonly personId?: string;
  readonly actorId?: string;
  readonly roleId?: string;
  readonly requestId?: string;
  readonly grantId?: string;
  readonly since?: string;
  readonly until?: string;
  /** Only what this person may see. */
  readonly seenBy?: string;
};

export type Selection =
  | { readonly of: "history"; readonly filter: SelectionFilter }
  /** Everything that the evidence of one request rests on. */
  | { readonly of: "request"; readonly requestId: string }
  /** Everything that happened in one quarter, like 2026-Q4, UTC. */
  | { readonly of: "quarter"; readonly quarter: string };

/** The whole history, for somebody who may see all of it: nothing may be left out. */
export function isEverything(selection: Selection): boolean {
  return selection.of === "history" && Object.keys(selection.filter).length === 0;
}

/**
 * Whether this entry can be part of the selection, as far as the entry itself says. What counts as a word only the
 * database knows.
 */
export function fitsSelection(change: Change, selection: Selection): boolean {
  if (selection.of === "request") return true;
  if (selection.of === "quarter") return isWithin(change.at, quarterRange(selection.quarter) ?? {});
  const { kind, outcome, provider, target, personId, actorId, roleId, requestId, grantId } = selection.filter;
  return (
    (kind === undefined || change.kind === kind) &&
    (outcome === undefined || kindsOf(outcome).includes(change.kind)) &&
    (target === undefined || placesIn(change).some((place) => place.target === target)) &&
    (provider === undefined || placesIn(change).some((place) => isAt(place, provider))) &&
    (personId === undefined || change.personId === personId) &&
    (actorId === undefined || change.actor.id === actorId) &&
    (roleId === undefined || change.roleId === roleId) &&
    (requestId === undefined || change.requestId === requestId) &&
    (grantId === undefined || change.grantId === grantId) &&
    isWithin(change.at, selection.filter)
  );
}

type Named = { readonly [name: string]: Json };

/** Everything in an entry that names a place: what it is about, or lines of a role before or after. */
function placesIn({ about, before, after }: Pick<Change, "about" | "before" | "after">): Named[] {
  return [about, before, after].flatMap(placesOf);
}

function placesOf(value: Json): Named[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: Json) => placesOf(item));
  const named = value as Named;
  const within = Object.values(named).flatMap(placesOf);
  return "target" in named && "kind" in named ? [named, ...within] : within;
}

function isAt({ kind }: Named, provider: Provider): boolean {
  return typeof kind === "string" && isPlaceKind(kind) && providerOf(kind) === provider;
}

/** ISO 8601 in UTC with milliseconds sorts as it runs. */
function isWithin(at: string, { since, until }: Pick<SelectionFilter, "since" | "until">): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

/** From the first moment of a quarter to that of the next; null when it is not written like 2026-Q4. */
export function quarterRange(quarter: string): { readonly since: string; readonly until: string } | null {
  const [, year, number] = /^(20\d\d)-Q([1-4])$/.exec(quarter) ?? [];
  if (!year || !number) return null;
  const first = (Number(number) - 1) * 3;
  const moment = (month: number) => new Date(Date.UTC(Number(year), month)).toISOString();
  return { since: moment(first), until: moment(first + 3) };
}

export function quarterOf(at: Date): string {
  return `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
}

/** Refuses a time in which nothing can be: range-empty, quarter-unknown. */
export function judgeSelection(selection: Selection, now: Date): Verdict {
  if (selection.of === "request") return allow;
  if (selection.of === "quarter") {
    const range = quarterRange(selection.quarter);
    return range && range.since <= now.toISOString() ? allow : refuse("quarter-unknown");
  }
  const { since, until } = selection.filter;
  const isEmpty = since !== undefined && (since > now.toISOString() || (until !== undefined && since >= until));
  return isEmpty ? refuse("range-empty") : allow;
}
