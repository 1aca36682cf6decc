import type { Change } from "./change.ts";
import { allow, refuse, type Verdict } from "./refusals.ts";

/** Which entries of the history are meant. Every field that is there must fit; times are ISO 8601, `until` excluded. */
export type SelectionFilter = {
  readonly kind?: string;
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

/** Whether this entry can be part of the selection, as far as the entry itself says. */
export function fitsSelection(change: Change, selection: Selection): boolean {
  if (selection.of === "request") return true;
  if (selection.of === "quarter") return isWithin(change.at, quarterRange(selection.quarter) ?? {});
  const { kind, personId, actorId, roleId, requestId, grantId } = selection.filter;
  return (
    (kind === undefined || change.kind === kind) &&
    (personId === undefined || change.personId === personId) &&
    (actorId === undefined || change.actor.id === actorId) &&
    (roleId === undefined || change.roleId === roleId) &&
    (requestId === undefined || change.requestId === requestId) &&
    (grantId === undefined || change.grantId === grantId) &&
    isWithin(change.at, selection.filter)
  );
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
