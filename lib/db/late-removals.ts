import { LATE_AFTER_SECONDS } from "../domain/lateness.ts";
import type { Place } from "../domain/entitlement.ts";
import type { Db } from "./client.ts";

/** Access that should be gone for longer than a removal may take. */
export type LateRemoval = Place & {
  /** Of the binding, or of the access behind no grant. */
  readonly id: string;
  readonly who: string;
  /** Since when it should be gone. */
  readonly since: Date;
  readonly lateSeconds: number;
  readonly tries: number;
  /** What came of the last try; null when there was none. */
  readonly lastError: string | null;
  readonly dueAt: Date | null;
  /** The newest grant that waits for it; null for access behind no grant. */
  readonly grantId: string | null;
};

export type LateRemovals = { readonly count: number; readonly items: readonly LateRemoval[] };

/**
 * The longest owed first. What counts is when access should have ended, not what a worker made of it: a worker that does
 * not run at all is late too.
 */
export async function lateRemovals(db: Db, { most }: { most: number }): Promise<LateRemovals> {
  const rows = await db.$queryRaw<(LateRemoval & { count: number })[]>`
    WITH moment AS MATERIALIZED (
      SELECT daypass_now() AS now, daypass_now() - ${LATE_AFTER_SECONDS} * interval '1 second' AS late
    ), owed AS (
      SELECT gb.binding_id AS id, LEAST(g.ending_at, g.ends_at) AS since, g.id AS grant_id
      FROM access_grant g JOIN grant_binding gb ON gb.grant_id = g.id
      WHERE g.closed_at IS NULL AND gb.gone_at IS NULL
        AND LEAST(g.ending_at, g.ends_at) < (SELECT late FROM moment)
      UNION ALL
      SELECT id, owed_since, NULL FROM binding WHERE owed_since < (SELECT late FROM moment)
    ), late AS (
      SELECT b.id, b.connection, b.kind, b.target, p.name AS who, o.since, b.tries, b.last_error, b.due_at, o.grant_id
      FROM (SELECT id, min(since) AS since, (array_agg(grant_id ORDER BY grant_id DESC NULLS LAST))[1] AS grant_id
          FROM owed GROUP BY id) o
        JOIN binding b ON b.id = o.id
        JOIN person p ON p.id = b.person_id
      UNION ALL
      SELECT u.id, m.connection, m.kind, m.target, u.username, u.removal_asked_at, u.tries, u.last_error, u.due_at, NULL
      FROM unknown_access u JOIN managed_place m ON m.id = u.place_id
      WHERE u.removal_asked_at < (SELECT late FROM moment) AND u.gone_at IS NULL
    )
    SELECT id, connection, kind, target, who, since, tries, last_error AS "lastError", due_at AS "dueAt",
      grant_id AS "grantId", extract(epoch FROM (SELECT now FROM moment) - since)::float8 AS "lateSeconds",
      count(*) OVER ()::int AS count
    FROM late ORDER BY since, id LIMIT ${most}`;
  return { count: rows[0]?.count ?? 0, items: rows.map(({ count: _, ...late }) => late) };
}
