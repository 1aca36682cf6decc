import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";
import { ownedGroups } from "./visible.ts";

/** Waiting requests that the viewer may decide: as owner, not their own, not overdue, not decided by them already. */
function awaits(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`q.state = 'PENDING' AND q.decide_by > daypass_now() AND q.requester_id <> ${viewer.personId}::uuid
    AND v.owner_group_id IN ${ownedGroups(viewer)}
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
  return requestRows(db, Prisma.sql`${awaits(viewer)} AND ${next}`, { limit, oldestFirst: true });
}

export async function countAwaiting(viewer: Viewer, { db }: { db: Db }): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM access_request q
      JOIN role r ON r.id = q.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE ${awaits(viewer)}`;
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
