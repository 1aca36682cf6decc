import { LATE_AFTER_SECONDS } from "../domain/lateness.ts";
import type { Place } from "../domain/entitlement.ts";
import type { Db } from "./client.ts";
import { LIVE_STATES } from "./live-states.ts";

/** Access that should be gone, or less, for longer than a removal may take. */
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
  /** The newest grant that waits for it, or that keeps less there; null for access behind no grant. */
  readonly grantId: string | null;
  /** A grant still gives something there: access is to be lowered, not to be gone. */
  readonly lowers: boolean;
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
      SELECT b.id, b.connection, b.kind, b.target, p.name AS who, o.since, b.tries, b.last_error, b.due_at,
        COALESCE(o.grant_id, keeps.grant_id) AS grant_id, keeps.grant_id IS NOT NULL AS lowers
      FROM (SELECT id, min(since) AS since, (array_agg(grant_id ORDER BY grant_id DESC NULLS LAST))[1] AS grant_id
          FROM owed GROUP BY id) o
        JOIN binding b ON b.id = o.id
        JOIN person p ON p.id = b.person_id
        LEFT JOIN LATERAL (SELECT g.id AS grant_id FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
          WHERE gb.binding_id = b.id AND gb.level IS NOT NULL AND g.state IN ${LIVE_STATES}
            AND g.starts_at <= (SELECT now FROM moment) AND g.ends_at > (SELECT now FROM moment)
          ORDER BY g.id DESC LIMIT 1) keeps ON true
      UNION ALL
      SELECT u.id, m.connection, m.kind, m.target, u.username, u.removal_asked_at, u.tries, u.last_error, u.due_at, NULL,
        false
      FROM unknown_access u JOIN managed_place m ON m.id = u.place_id
      WHERE u.removal_asked_at < (SELECT late FROM moment) AND u.gone_at IS NULL
    )
    SELECT id, connection, kind, target, who, since, tries, last_error AS "lastError", due_at AS "dueAt",
      grant_id AS "grantId", lowers, extract(epoch FROM (SELECT now FROM moment) - since)::float8 AS "lateSeconds",
      count(*) OVER ()::int AS count
    FROM late ORDER BY since, id LIMIT ${most}`;
  return { count: rows[0]?.count ?? 0, items: rows.map(({ count: _, ...late }) => late) };
}
