import "server-only";
import { LATENESS_BOUNDS } from "../domain/lateness.ts";
import type { Db } from "../db/client.ts";

/**
 * Removals that were proved in the last 24 hours, by how long after access should have ended: one number for each bar.
 * Grants by their end; by their receipts what a narrower role took from live grants, and access behind no grant.
 */
export async function latenessOfLastDay({ db }: { db: Db }): Promise<number[]> {
  const rows = await db.$queryRaw<{ upTo: number }[]>`
    WITH ended AS MATERIALIZED (
      SELECT extract(epoch FROM closed_at - LEAST(ending_at, ends_at)) AS late FROM access_grant
      WHERE closed_at > (SELECT daypass_now() - interval '24 hours')
      UNION ALL
      SELECT extract(epoch FROM at - owed_since) FROM receipt
      WHERE owed_since IS NOT NULL AND at > (SELECT daypass_now() - interval '24 hours')
    )
    SELECT (SELECT count(*)::int FROM ended WHERE late <= bound.seconds) AS "upTo"
    FROM unnest(${[...LATENESS_BOUNDS, Number.MAX_SAFE_INTEGER]}::float8[]) WITH ORDINALITY AS bound(seconds, n)
    ORDER BY bound.n`;
  return rows.map(({ upTo }, i) => upTo - (rows[i - 1]?.upTo ?? 0));
}
