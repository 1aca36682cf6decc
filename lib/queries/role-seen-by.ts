import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { RoleSpec } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { grantVisibleTo } from "./grants-seen-by.ts";
import { visibleRole } from "./visible.ts";

export type RoleDetail = RoleSpec & {
  readonly id: string;
  readonly slug: string;
  readonly version: number;
  readonly ownerGroup: string;
  /** Since when the provider lists the owner group no more, so that nobody decides; null while it does. */
  readonly ownerGroupMissingSince: Date | null;
  readonly requesterGroup: string;
  readonly publishedAt: Date;
  /** Who published the version in force; null when the host did. */
  readonly publishedBy: string | null;
  /** Active owners of the owner group, by name. */
  readonly owners: readonly { readonly id: string; readonly name: string }[];
  readonly mayAsk: boolean;
  readonly mayEdit: boolean;
  /** The viewer's own waiting request for it. */
  readonly pendingRequestId: string | null;
  /** What would give more and waits for a second person; null for who may not see that. */
  readonly waitingWideningId: string | null;
  /** Who the viewer is at each connection, for saying exactly what will be done. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly now: Date;
  /** Open grants that the viewer may see. */
  readonly openGrants: readonly GrantCard[];
};

/** Null when there is no such role or it is none of the viewer's business. */
export async function roleSeenBy(viewer: Viewer, slug: string, { db }: { db: Db }): Promise<RoleDetail | null> {
  const rows = await db.$queryRaw<Omit<RoleDetail, "openGrants">[]>`
    SELECT r.id, r.slug, v.version, v.name, v.summary, v.owner_group_id AS "ownerGroupId",
      v.requester_group_id AS "requesterGroupId", v.approvals_needed AS "approvalsNeeded",
      v.max_minutes AS "maxMinutes", v.decide_within_minutes AS "decideWithinMinutes", v.published_at AS "publishedAt",
      (SELECT p.name FROM person p WHERE p.id = v.published_by_id) AS "publishedBy",
      og.path AS "ownerGroup", og.missing_since AS "ownerGroupMissingSince", rg.path AS "requesterGroup",
      entitlements_of(v.id) AS entitlements,
      COALESCE((SELECT json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name)
        FROM person o WHERE o.id = ANY(owners_of(v.owner_group_id))), '[]') AS owners,
      EXISTS (SELECT 1 FROM group_member m
        WHERE m.group_id = v.requester_group_id AND m.person_id = ${viewer.personId}::uuid) AS "mayAsk",
      ${viewer.isAdmin} OR ${viewer.personId}::uuid = ANY(owners_of(v.owner_group_id)) AS "mayEdit",
      (SELECT q.id FROM access_request q WHERE q.role_id = r.id AND q.requester_id = ${viewer.personId}::uuid
        AND q.state = 'PENDING') AS "pendingRequestId",
      (SELECT w.id FROM widening w WHERE w.role_id = r.id AND w.state = 'PENDING' AND (${seesAll(viewer)}
        OR w.proposed_by_id = ${viewer.personId}::uuid OR ${viewer.personId}::uuid = ANY(owners_of(v.owner_group_id))))
        AS "waitingWideningId",
      COALESCE((SELECT json_object_agg(a.connection, a.username)
        FROM provider_account a WHERE a.person_id = ${viewer.personId}::uuid), '{}') AS accounts,
      daypass_now() AS now
    FROM role r
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN access_group og ON og.id = v.owner_group_id
      JOIN access_group rg ON rg.id = v.requester_group_id
    WHERE r.slug = ${slug} AND ${visibleRole(viewer)}`;
  const [role] = rows;
  if (!role) return null;
  const open = Prisma.sql`g.role_id = ${role.id}::uuid AND g.closed_at IS NULL AND ${grantVisibleTo(viewer)}`;
  return { ...role, openGrants: await grantCards(db, open, 50) };
}
