import "server-only";
import { quarterRange, type Selection } from "../domain/selection.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { fittingChanges, type Fitting } from "./fitting-changes.ts";

/** The caller has made sure that the viewer may have this selection; `seenBy` inside it narrows it. */
export async function selectedChanges(selection: Selection, { db }: { db: Db }): Promise<Fitting> {
  if (selection.of === "request") return listed(await entriesOfRequest(db, selection.requestId));
  return fittingChanges(selection.of === "quarter" ? (quarterRange(selection.quarter) ?? {}) : selection.filter, {
    db,
  });
}

function listed(seqs: readonly bigint[]): Fitting {
  return ({ order, from = 0n, to, limit = seqs.length }) => {
    const inOrder = order === "oldest" ? seqs : seqs.toReversed();
    const within = inOrder.filter((seq) => seq >= from && (to === undefined || seq <= to)).slice(0, limit);
    return Prisma.sql`SELECT listed.seq FROM unnest(${within}::bigint[]) AS listed(seq)`;
  };
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
