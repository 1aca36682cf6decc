import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";
import { ownedRoles } from "./visible.ts";

/** Waiting requests of roles that the viewer owns: not their own, not overdue, not decided by them already. */
function awaits(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`q.role_id = owned.id AND q.state = 'PENDING' AND q.decide_by > (SELECT daypass_now())
    AND q.requester_id <> ${viewer.personId}::uuid
    AND NOT EXISTS (SELECT 1 FROM decision d
      WHERE d.request_id = q.id AND d.approver_id = ${viewer.personId}::uuid)`;
}

/** Oldest first. `after` is the id of the last one of the page before. */
export async function requestsAwaiting(
  viewer: Viewer,
  { limit = 50, after = null }: { limit?: number; after?: string | null },
  { db }: { db: Db },
): Promise<RequestRow[]> {
  const next = after === null ? Prisma.sql`true` : Prisma.sql`q.id > ${after}::uuid`;
  // The first ones of each role are enough to find the first ones of all, however many wait.
  const first = Prisma.sql`q.id IN (
    SELECT waiting.id FROM ${ownedRoles(viewer.personId)} owned CROSS JOIN LATERAL (
      SELECT q.id FROM access_request q WHERE ${awaits(viewer)} AND ${next} ORDER BY q.id LIMIT ${limit}) waiting)`;
  return requestRows(db, first, { limit, oldestFirst: true });
}

export async function countAwaiting(viewer: Viewer, { db }: { db: Db }): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM ${ownedRoles(viewer.personId)} owned JOIN access_request q ON ${awaits(viewer)}`;
  return row.count;
}

/** What the viewer decided, newest first. */
export async function requestsDecidedBy(viewer: Viewer, { limit = 20 }, { db }: { db: Db }): Promise<RequestRow[]> {
  return requestRows(
    db,
    Prisma.sql`q.id IN (SELECT d.request_id FROM decision d
      WHERE d.approver_id = ${viewer.personId}::uuid ORDER BY d.id DESC LIMIT ${limit})`,
    { limit },
  );
}
