import "server-only";
import { LATE_AFTER_SECONDS } from "../../domain/lateness.ts";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { Prisma } from "../../db/generated/client.ts";
import { watches } from "../watched.ts";

export type OwnerGroup = {
  readonly group: string;
  /** Roles that it owns in force. */
  readonly roles: number;
  readonly live: number;
  readonly asked: number;
  readonly approved: number;
  readonly medianSeconds: number | null;
  /** Grants whose access began in the range. */
  readonly grants: number;
  /** Of those that ended in the range, how many were proved gone later than they may be. */
  readonly late: number;
};

export type GroupUse = {
  readonly count: number;
  /** Those with most grants first. */ readonly items: readonly OwnerGroup[];
};

/** What happened in the roles of each group, of those that the viewer watches over. */
export async function groupUse(
  viewer: Viewer,
  { since, most }: { since: Date; most: number },
  { db }: { db: Db },
): Promise<GroupUse> {
  const rows = await db.$queryRaw<(OwnerGroup & { readonly count: number })[]>`
    WITH owned AS MATERIALIZED (
      SELECT r.id AS role_id, v.owner_group_id AS group_id
      FROM role r JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      WHERE ${watches(viewer)(Prisma.sql`r.id`)}
    ), asked AS (
      SELECT o.group_id, count(*)::int AS asked, count(*) FILTER (WHERE q.state = 'APPROVED')::int AS approved,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', q.closed_at - q.created_at))
          FILTER (WHERE q.state = 'APPROVED') AS median
      FROM access_request q JOIN owned o ON o.role_id = q.role_id WHERE q.created_at >= ${since} GROUP BY o.group_id
    ), granted AS (
      SELECT o.group_id, count(*) FILTER (WHERE g.active_at >= ${since})::int AS grants,
        count(*) FILTER (WHERE g.closed_at IS NULL AND g.state <> 'SCHEDULED')::int AS live,
        count(*) FILTER (WHERE g.closed_at > ${since} AND g.closed_at
          > LEAST(g.ending_at, g.ends_at) + ${LATE_AFTER_SECONDS} * interval '1 second')::int AS late
      FROM access_grant g JOIN owned o ON o.role_id = g.role_id
      WHERE g.closed_at IS NULL OR g.closed_at > ${since} GROUP BY o.group_id
    )
    SELECT og.path AS group, o.roles, COALESCE(g.live, 0) AS live, COALESCE(a.asked, 0) AS asked,
      COALESCE(a.approved, 0) AS approved, a.median AS "medianSeconds", COALESCE(g.grants, 0) AS grants,
      COALESCE(g.late, 0) AS late, count(*) OVER ()::int AS count
    FROM (SELECT group_id, count(*)::int AS roles FROM owned GROUP BY group_id) o
      JOIN access_group og ON og.id = o.group_id
      LEFT JOIN asked a ON a.group_id = o.group_id
      LEFT JOIN granted g ON g.group_id = o.group_id
    ORDER BY COALESCE(g.grants, 0) DESC, COALESCE(a.asked, 0) DESC, og.path LIMIT ${most}`;
  return { count: rows[0]?.count ?? 0, items: rows.map(({ count: _, ...group }) => group) };
}
