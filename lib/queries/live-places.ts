import "server-only";
import type { Level } from "../domain/entitlement.ts";
import type { Share, SharedPlace } from "../domain/what-follows.ts";
import type { Db } from "../db/client.ts";
import { LIVE_STATES } from "../db/live-states.ts";

/** One place that one live grant of a role wants, with everything else that is wanted there. */
export type LivePlace = SharedPlace & {
  readonly grantId: string;
  readonly bindingId: string;
  readonly level: Level;
  /** Who the person is there. */
  readonly account: string | null;
  readonly now: Date;
};

type Raw = Omit<LivePlace, "shares"> & {
  readonly shares: readonly (Omit<Share, "startsAt" | "endsAt"> & { startsAt: string; endsAt: string })[];
};

/**
 * `OFFSET 0` has each grant of a place looked up by its key, and not found among all that are open, once for each place.
 * Shows grants of other people and roles: only for what judges whether the viewer may edit the role first.
 */
export async function livePlaces(roleId: string, { db }: { db: Db }): Promise<LivePlace[]> {
  const rows = await db.$queryRaw<Raw[]>`
    SELECT g.id AS "grantId", b.id AS "bindingId", b.connection, b.kind, b.target, gb.level, b.baseline, b.drift,
      a.username AS account, daypass_now() AS now,
      (SELECT json_agg(json_build_object('grantId', o.id, 'level', ob.level, 'state', o.state, 'startsAt', o.starts_at,
          'endsAt', o.ends_at))
        FROM grant_binding ob
          CROSS JOIN LATERAL (SELECT * FROM access_grant WHERE id = ob.grant_id AND closed_at IS NULL OFFSET 0) o
        WHERE ob.binding_id = b.id) AS shares
    FROM access_grant g
      JOIN grant_binding gb ON gb.grant_id = g.id AND gb.level IS NOT NULL
      JOIN binding b ON b.id = gb.binding_id
      LEFT JOIN provider_account a ON a.person_id = b.person_id AND a.connection = b.connection
    WHERE g.role_id = ${roleId}::uuid AND g.state IN ${LIVE_STATES}
    ORDER BY g.id, b.connection DESC, b.target`;
  return rows.map((row) => ({
    ...row,
    shares: row.shares.map((share) => ({
      ...share,
      startsAt: new Date(share.startsAt),
      endsAt: new Date(share.endsAt),
    })),
  }));
}
