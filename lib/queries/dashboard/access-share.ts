import "server-only";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { Prisma } from "../../db/generated/client.ts";
import { watches } from "../watched.ts";

/**
 * Who has access now at the places that Daypass lists as a whole. Elsewhere it knows only of its own grants, and a share
 * of what it does not know would be made up.
 */
export type AccessShare = {
  /** Such places that were looked at, and when the one was that was looked at longest ago. */
  readonly places: number;
  readonly lookedAt: Date | null;
  /** Held through a grant, and gone with it. */
  readonly temporary: number;
  /** Held through a grant by somebody who had access there before, and gets that back. */
  readonly raised: number;
  /** Behind no grant, and kept as an exception until a day. */
  readonly kept: number;
  /** Behind no grant. */
  readonly unexplained: number;
};

/** Of the roles in force that the viewer watches over. */
export async function accessShare(viewer: Viewer, { db }: { db: Db }): Promise<AccessShare> {
  const [share] = await db.$queryRaw<[AccessShare]>`
    WITH listed AS MATERIALIZED (
      SELECT m.id, m.connection, m.kind, m.target, m.looked_at FROM managed_place m
      WHERE ${isManagedPlace} AND m.looked_at IS NOT NULL AND m.missing_since IS NULL
        AND EXISTS (SELECT 1 FROM given_places() g WHERE g.connection = m.connection AND g.kind = m.kind
          AND g.target = m.target AND ${watches(viewer)(Prisma.sql`g.role_id`)})
    ), held AS (
      SELECT count(*) FILTER (WHERE COALESCE(b.baseline ->> 'state', 'absent') = 'absent')::int AS temporary,
        count(*) FILTER (WHERE b.baseline ->> 'state' = 'present')::int AS raised
      FROM binding b JOIN listed l ON l.connection = b.connection AND l.kind = b.kind AND l.target = b.target
      WHERE b.confirmed IS NOT NULL AND b.confirmed ->> 'state' = 'present' AND b.drift IS DISTINCT FROM 'removed-by-hand'
    ), standing AS (
      SELECT count(*) FILTER (WHERE u.kept_until > (SELECT daypass_now()))::int AS kept, count(*)::int AS all_of_it
      FROM unknown_access u JOIN listed l ON l.id = u.place_id
      WHERE u.gone_at IS NULL AND NOT is_granted(l.connection, l.kind, l.target, u.external_id)
    )
    SELECT (SELECT count(*)::int FROM listed) AS places, (SELECT min(looked_at) FROM listed) AS "lookedAt",
      held.temporary, held.raised, standing.kept, standing.all_of_it - standing.kept AS unexplained
    FROM held, standing`;
  return share;
}

/** `isManaged` of the domain, for a place `m`: a test holds the two against each other. */
const isManagedPlace = Prisma.sql`(m.kind IN ('aws-iam-group', 'aws-iam-role')
  OR (m.kind = 'gitlab-group' AND m.target ~* '(^|/)roles/'))`;
