import "server-only";
import { kindsOf } from "../domain/outcome.ts";
import type { SelectionFilter } from "../domain/selection.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { pointAt } from "./point-at.ts";
import { ownedRoles } from "./visible.ts";
import { wordIndexed } from "./word-index.ts";

/** A stretch of the history, both ends included; of what fits in it all, or the first or last few. */
export type Span = {
  readonly order: "newest" | "oldest";
  readonly from?: bigint | undefined;
  readonly to?: bigint | undefined;
  readonly limit?: number | undefined;
};

/** Gives the SQL of the numbers (`seq`) of the entries in a stretch that fit. */
export type Fitting = (span: Span) => Prisma.Sql;

/** Times follow numbers, but for the moment between asking the clock and committing. No transaction lasts that long. */
const UNORDERED_MS = 10 * 60_000;

/**
 * What fits a filter, found through an index whatever it is. One condition is answered from the end of its own index,
 * several at once, words and places by the index of words: any single other index would be read through for the few of
 * its entries that fit the other conditions too.
 */
export async function fittingChanges(filter: SelectionFilter, { db }: { db: Db }): Promise<Fitting> {
  const bounds = await boundsOf(filter, db);
  const fitting = needsWords(filter) ? await wordIndexed(filter, within(filter), { db }) : byColumns(filter);
  return (span) => fitting({ ...span, from: larger(span.from, bounds.from), to: smaller(span.to, bounds.to) });
}

/** The numbers between which the times of the filter can be. Which of them are is asked of each entry. */
async function boundsOf({ since, until }: SelectionFilter, db: Db): Promise<Pick<Span, "from" | "to">> {
  const around = async (moment: string, ms: number) =>
    BigInt((await pointAt(new Date(Date.parse(moment) + ms), { db })) ?? 0);
  const [from, to] = await Promise.all([
    since === undefined ? undefined : around(since, -UNORDERED_MS),
    until === undefined ? undefined : around(until, UNORDERED_MS),
  ]);
  return { from, to };
}

function needsWords(filter: SelectionFilter): boolean {
  const { words, target, provider, requestId, grantId, personId, actorId, roleId, kind, outcome, seenBy } = filter;
  if (words !== undefined || target !== undefined || provider !== undefined) return true;
  // A request has few entries, whatever else is asked of them.
  if (requestId !== undefined || grantId !== undefined) return false;
  return [personId, actorId, roleId, kind ?? outcome, seenBy].filter((condition) => condition !== undefined).length > 1;
}

function byColumns(filter: SelectionFilter): Fitting {
  const { seenBy, kind, outcome, personId, actorId, roleId, requestId, grantId } = filter;
  const kinds = outcome === undefined ? [] : kindsOf(outcome);
  const conditions = [
    within(filter),
    ...(kind === undefined ? [] : [Prisma.sql`c.kind = ${kind}`]),
    ...(personId === undefined ? [] : [Prisma.sql`c.person_id = ${personId}::uuid`]),
    ...(actorId === undefined ? [] : [Prisma.sql`c.actor_id = ${actorId}::uuid`]),
    ...(roleId === undefined ? [] : [Prisma.sql`c.role_id = ${roleId}::uuid`]),
    ...(requestId === undefined ? [] : [Prisma.sql`c.request_id = ${requestId}::uuid`]),
    ...(grantId === undefined ? [] : [Prisma.sql`c.grant_id = ${grantId}::uuid`]),
  ];
  if (seenBy !== undefined) {
    const kindFits = outcome === undefined ? [] : [Prisma.sql`c.kind = ANY(${kinds}::text[])`];
    return seen(seenBy, [...conditions, ...kindFits]);
  }
  if (outcome === undefined) return (span) => one(conditions, span);
  return (span) =>
    merged(
      kinds.map((each) => one([Prisma.sql`c.kind = ${each}`, ...conditions], span)),
      span,
    );
}

/** Each reason to see an entry has its own index; one condition with OR would read the whole history to find the next. */
function seen(personId: string, conditions: readonly Prisma.Sql[]): Fitting {
  return (span) => {
    const ofRoles = one([Prisma.sql`c.role_id = owned.id`, ...conditions], span);
    return merged(
      [
        one([Prisma.sql`c.person_id = ${personId}::uuid`, ...conditions], span),
        one([Prisma.sql`c.actor_id = ${personId}::uuid`, ...conditions], span),
        Prisma.sql`SELECT of_role.seq FROM ${ownedRoles(personId)} AS owned CROSS JOIN LATERAL (${ofRoles}) AS of_role`,
      ],
      span,
    );
  };
}

function one(conditions: readonly Prisma.Sql[], span: Span): Prisma.Sql {
  const all = [
    ...conditions,
    ...(span.from === undefined ? [] : [Prisma.sql`c.seq >= ${span.from}`]),
    ...(span.to === undefined ? [] : [Prisma.sql`c.seq <= ${span.to}`]),
  ];
  return Prisma.sql`SELECT c.seq FROM change c WHERE ${Prisma.join(all, " AND ")} ${some("c.seq", span)}`;
}

/** An entry that there are several reasons for is there once. */
function merged(parts: readonly Prisma.Sql[], span: Span): Prisma.Sql {
  const each = parts.map((part) => Prisma.sql`(${part})`);
  return Prisma.sql`SELECT found.seq FROM (${Prisma.join(each, " UNION ")}) AS found ${some("found.seq", span)}`;
}

function some(column: string, { order, limit }: Span): Prisma.Sql {
  if (limit === undefined) return Prisma.empty;
  return Prisma.sql`ORDER BY ${Prisma.raw(column)} ${Prisma.raw(order === "newest" ? "DESC" : "ASC")} LIMIT ${limit}`;
}

function within({ since, until }: Pick<SelectionFilter, "since" | "until">): Prisma.Sql {
  const from = since === undefined ? Prisma.sql`true` : Prisma.sql`c.at >= ${since}::timestamptz`;
  return until === undefined ? from : Prisma.sql`${from} AND c.at < ${until}::timestamptz`;
}

function larger(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

function smaller(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
