import "server-only";
import { evidenceIn, type Evidence } from "../domain/evidence.ts";
import type { Change } from "../domain/change.ts";
import { quarterRange } from "../domain/selection.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ENTRY, toEntry, type HistoryEntry, type HistoryRow } from "./history-seen-by.ts";
import { requestSeenBy } from "./request-seen-by.ts";
import { selectedChanges } from "./selected-changes.ts";
import { signedAfter, type Signature } from "./signatures.ts";

export type RequestEvidence = {
  readonly evidence: Evidence;
  readonly entries: readonly HistoryEntry[];
  /** The first checkpoint that covers all of it; null until it is signed. */
  readonly signature: Signature | null;
};

const BATCH = 200;
/** The kinds that `evidenceIn` takes for the story of a request. */
const TELLING = Prisma.sql`(c.kind LIKE 'request.%' OR c.kind LIKE 'grant.%'
  OR c.kind IN ('binding.applied', 'binding.removed', 'binding.restored'))`;
/** More than anybody reads on one page. */
export const SHOWN_MAX = 400;

/** What the history proves of one request. Null when there is none that the viewer may see. */
export async function evidenceOfRequest(
  viewer: Viewer,
  requestId: string,
  { db }: { db: Db },
): Promise<RequestEvidence | null> {
  if (!(await requestSeenBy(viewer, requestId, { db }))) return null;
  const selected = await selectedChanges({ of: "request", requestId }, { db });
  const entries = await entriesThat(db, Prisma.sql`c.seq IN (${selected({ order: "oldest" })})`);
  const [evidence] = evidenceIn(entries.map(toProved));
  if (!evidence) return null;
  const last = entries.at(-1);
  return { evidence, entries, signature: last ? await signedAfter(last.seq, { db }) : null };
}

/**
 * Every request of which something happened in a quarter, in the order in which it first did, some at a time. Tells only
 * what happened within the quarter. Nothing for whoever does not see everything.
 */
export async function* evidenceOfQuarter(
  viewer: Viewer,
  quarter: string,
  upTo: bigint,
  { db }: { db: Db },
): AsyncGenerator<readonly Evidence[]> {
  const range = quarterRange(quarter);
  if (!range || !seesAll(viewer)) return;
  const within = Prisma.sql`c.at >= ${range.since}::timestamptz AND c.at < ${range.until}::timestamptz AND c.seq <= ${upTo}`;
  for (let after = 0n; ;) {
    const batch: { requestId: string; seq: bigint }[] = await db.$queryRaw`
      SELECT c.request_id AS "requestId", min(c.seq) AS seq FROM change c
      WHERE c.request_id IS NOT NULL AND ${TELLING} AND ${within}
      GROUP BY c.request_id HAVING min(c.seq) > ${after} ORDER BY min(c.seq) LIMIT ${BATCH}`;
    const last = batch.at(-1);
    if (!last) return;
    const ids = batch.map(({ requestId }) => requestId);
    const told = evidenceIn((await entriesThat(db, Prisma.sql`${within} AND ${aboutRequests(ids)}`)).map(toProved));
    const byId = new Map(told.map((evidence) => [evidence.requestId, evidence]));
    yield ids.flatMap((id) => byId.get(id) ?? []);
    after = last.seq;
  }
}

/** The first of them, for a page. */
export async function evidencePage(
  viewer: Viewer,
  quarter: string,
  { db }: { db: Db },
): Promise<{ evidence: readonly Evidence[]; isAll: boolean }> {
  const evidence: Evidence[] = [];
  const { seq } = await db.chainHead.findUniqueOrThrow({ where: { id: 1 } });
  for await (const batch of evidenceOfQuarter(viewer, quarter, seq, { db })) {
    if (evidence.length >= SHOWN_MAX) return { evidence, isAll: false };
    evidence.push(...batch);
  }
  return { evidence, isAll: true };
}

/** The entries of these requests, and those that name none but tell of the same people's places and the same roles. */
function aboutRequests(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`(c.request_id = ANY(${ids}::uuid[])
    OR (c.request_id IS NULL AND c.kind LIKE 'binding.%'
      AND c.person_id IN (SELECT requester_id FROM access_request WHERE id = ANY(${ids}::uuid[])))
    OR (c.kind LIKE 'role.%' AND c.role_id IN (SELECT role_id FROM access_request WHERE id = ANY(${ids}::uuid[]))))`;
}

async function entriesThat(db: Db, fits: Prisma.Sql): Promise<HistoryEntry[]> {
  const rows = await db.$queryRaw<HistoryRow[]>`
    SELECT ${ENTRY} FROM change c WHERE ${fits} ORDER BY c.seq`;
  return rows.map(toEntry);
}

export function toProved({ seq, hash: _hash, redactedAt: _at, ...change }: HistoryEntry): {
  seq: number;
  change: Change;
} {
  return { seq, change };
}
