import type { PlaceKind } from "../domain/entitlement.ts";
import type { Db, Tx } from "../db/client.ts";

/** A hand took access that a live grant wants. */
export type DriftStory = {
  readonly bindingId: string;
  readonly at: Date;
  readonly personId: string;
  readonly personName: string;
  readonly kind: PlaceKind;
  readonly target: string;
  /** Of the live grants that had it. */
  readonly roleSlugs: readonly string[];
  /** One of them. */
  readonly grantId: string;
  /** Who may decide about their roles. */
  readonly ownerIds: readonly string[];
};

/**
 * Removals by hand after `from`, up to `upTo`. The story of each grant that had the place tells it, at the same moment: it
 * is one removal all the same. What no live grant wants any more is nobody's loss and left out.
 */
export async function readDriftStories(
  db: Db | Tx,
  { from, upTo }: { from: bigint; upTo: bigint },
): Promise<DriftStory[]> {
  return db.$queryRaw<DriftStory[]>`
    SELECT b.id AS "bindingId", c.at, p.id AS "personId", p.name AS "personName", b.kind, b.target,
      array_agg(DISTINCT r.slug) AS "roleSlugs", max(g.id::text) AS "grantId",
      array_agg(DISTINCT owner.id) FILTER (WHERE owner.id IS NOT NULL) AS "ownerIds"
    FROM change c
      JOIN binding b ON b.id = c.binding_id
      JOIN person p ON p.id = b.person_id
      JOIN access_grant g ON g.id = c.grant_id AND g.state IN ('ACTIVATING', 'ACTIVE')
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      LEFT JOIN LATERAL unnest(owners_of(v.owner_group_id)) AS owner(id) ON true
    WHERE c.seq > ${from} AND c.seq <= ${upTo} AND c.kind = 'binding.drifted'
      AND c.body::json #>> '{about,drift}' = 'removed-by-hand'
    GROUP BY b.id, p.id, c.at
    ORDER BY min(c.seq)`;
}
