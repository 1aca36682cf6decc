import "server-only";
import { quarterRange, type Selection, type SelectionFilter } from "../domain/selection.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedRoles } from "./visible.ts";

/** A selection in SQL, over entries called `c`. */
export type Selected = {
  readonly fits: Prisma.Sql;
  /** The number of the first selected entry after this one. */
  readonly firstAfter: (seq: bigint) => Prisma.Sql;
};

/** The caller has made sure that the viewer may have this selection; `seenBy` inside it narrows it. */
export async function selectedChanges(selection: Selection, { db }: { db: Db }): Promise<Selected> {
  if (selection.of === "request") return listed(await entriesOfRequest(db, selection.requestId));
  if (selection.of === "quarter") return plain(within(quarterRange(selection.quarter) ?? {}));
  const { seenBy, ...filter } = selection.filter;
  return seenBy === undefined ? plain(fitting(filter)) : seen(seenBy, fitting(filter));
}

function plain(fits: Prisma.Sql): Selected {
  return { fits, firstAfter: (seq) => first(fits, seq) };
}

function listed(seqs: readonly bigint[]): Selected {
  return plain(Prisma.sql`c.seq = ANY(${seqs}::bigint[])`);
}

/** Each reason to see an entry has its own index; one condition with OR would read the whole history to find the next. */
function seen(personId: string, fits: Prisma.Sql): Selected {
  const reasons = [
    Prisma.sql`c.person_id = ${personId}::uuid`,
    Prisma.sql`c.actor_id = ${personId}::uuid`,
    Prisma.sql`c.role_id IN (SELECT owned.id FROM ${ownedRoles(personId)} AS owned)`,
  ];
  return {
    fits: Prisma.sql`(${Prisma.join(reasons, " OR ")}) AND ${fits}`,
    firstAfter: (seq) => {
      const firsts = reasons.map((reason) => Prisma.sql`(${first(Prisma.sql`${reason} AND ${fits}`, seq)})`);
      return Prisma.sql`SELECT min(seq) AS seq FROM (${Prisma.join(firsts, " UNION ALL ")}) AS firsts`;
    },
  };
}

function first(fits: Prisma.Sql, seq: bigint): Prisma.Sql {
  return Prisma.sql`SELECT c.seq FROM change c WHERE ${fits} AND c.seq > ${seq} ORDER BY c.seq LIMIT 1`;
}

function fitting(filter: Omit<SelectionFilter, "seenBy">): Prisma.Sql {
  const { kind, personId, actorId, roleId, requestId, grantId } = filter;
  const conditions = [
    within(filter),
    ...(kind === undefined ? [] : [Prisma.sql`c.kind = ${kind}`]),
    ...(personId === undefined ? [] : [Prisma.sql`c.person_id = ${personId}::uuid`]),
    ...(actorId === undefined ? [] : [Prisma.sql`c.actor_id = ${actorId}::uuid`]),
    ...(roleId === undefined ? [] : [Prisma.sql`c.role_id = ${roleId}::uuid`]),
    ...(requestId === undefined ? [] : [Prisma.sql`c.request_id = ${requestId}::uuid`]),
    ...(grantId === undefined ? [] : [Prisma.sql`c.grant_id = ${grantId}::uuid`]),
  ];
  return Prisma.join(conditions, " AND ");
}

function within({ since, until }: Pick<SelectionFilter, "since" | "until">): Prisma.Sql {
  const from = since === undefined ? Prisma.sql`true` : Prisma.sql`c.at >= ${since}::timestamptz`;
  return until === undefined ? from : Prisma.sql`${from} AND c.at < ${until}::timestamptz`;
}

/**
 * The request's own entries, the version of the role that was asked for, and what was written at the grant's places while
 * it lived: a write that served several grants names none of them.
 */
async function entriesOfRequest(db: Db, requestId: string): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT c.seq FROM change c WHERE c.request_id = ${requestId}::uuid
    UNION
    SELECT c.seq FROM access_request q
      JOIN role_version v ON v.id = q.role_version_id
      JOIN change c ON c.role_id = q.role_id AND c.kind LIKE 'role.%' AND (c.body::jsonb #>> '{after,version}') = v.version::text
    WHERE q.id = ${requestId}::uuid
    UNION
    SELECT c.seq FROM access_grant g
      JOIN grant_binding gb ON gb.grant_id = g.id
      JOIN change c ON c.person_id = g.person_id AND c.binding_id = gb.binding_id AND c.request_id IS NULL
        AND c.kind LIKE 'binding.%' AND c.at <= COALESCE(g.closed_at, 'infinity')
        AND c.seq > (SELECT min(b.seq) FROM change b WHERE b.grant_id = g.id)
    WHERE g.request_id = ${requestId}::uuid
    ORDER BY seq`;
  return rows.map(({ seq }) => seq);
}
