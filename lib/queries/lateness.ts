import "server-only";
import { LATENESS_BOUNDS, LATE_AFTER_SECONDS } from "../domain/lateness.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { givenBy, watches } from "./watched.ts";

export type Lateness = {
  /** Removals that were proved, by how long after access should have ended: one for each bar of `latenessWords`. */
  readonly counts: readonly number[];
  /** Later than a removal may be. */
  readonly late: number;
  /** All of them. */
  readonly removals: number;
};

/**
 * Removals that were proved since a moment, of the roles that the viewer watches over. Grants by their end; by their
 * receipts what a narrower role took from live grants, and access behind no grant.
 */
export async function latenessSince(viewer: Viewer, since: Date, { db }: { db: Db }): Promise<Lateness> {
  const upTo = LATENESS_BOUNDS.map((bound) => Prisma.sql`count(*) FILTER (WHERE e.late <= ${bound})::int`);
  const [row] = await db.$queryRaw<[{ upTo: number[]; late: number; removals: number }]>`
    SELECT ARRAY[${Prisma.join(upTo)}, count(*)::int] AS "upTo",
      count(*) FILTER (WHERE e.late > ${LATE_AFTER_SECONDS})::int AS late, count(*)::int AS removals
    FROM (
      SELECT date_part('epoch', closed_at - LEAST(ending_at, ends_at)) AS late FROM access_grant
      WHERE closed_at > ${since} AND ${watches(viewer)(Prisma.sql`role_id`)}
      UNION ALL
      SELECT date_part('epoch', x.at - x.owed_since) FROM receipt x
      WHERE x.owed_since IS NOT NULL AND x.at > ${since} AND ${isOfRoles(viewer)}) AS e`;
  const { upTo: sums, ...rest } = row;
  return { counts: sums.map((sum, i) => sum - (sums[i - 1] ?? 0)), ...rest };
}

/** Whether a receipt `x` is about a role that the viewer watches over. */
function isOfRoles(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(EXISTS (SELECT 1 FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
      WHERE gb.binding_id = x.binding_id AND ${watches(viewer)(Prisma.sql`g.role_id`)})
    OR EXISTS (SELECT 1 FROM unknown_access u JOIN managed_place m ON m.id = u.place_id
      WHERE u.id = x.access_id AND ${givenBy(watches(viewer))}))`;
}
