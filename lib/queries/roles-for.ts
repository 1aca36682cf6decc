import "server-only";
import type { Entitlement } from "../domain/entitlement.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { entitlementsOf, visibleRole } from "./visible.ts";

export type RoleRow = {
  readonly slug: string;
  readonly name: string;
  readonly summary: string;
  readonly version: number;
  readonly ownerGroup: string;
  /** Since when the provider lists the owner group no more, so that nobody decides; null while it does. */
  readonly ownerGroupMissingSince: Date | null;
  readonly requesterGroup: string;
  readonly maxMinutes: number;
  readonly entitlements: readonly Entitlement[];
  readonly mayAsk: boolean;
  /** Median over the last 50 decided requests; null when there are none. */
  readonly usualMinutesToDecision: number | null;
};

/** Roles that the viewer may ask for, owns or watches over, by name. */
export async function rolesFor(viewer: Viewer, { db }: { db: Db }): Promise<RoleRow[]> {
  return db.$queryRaw<RoleRow[]>`
    SELECT r.slug, v.name, v.summary, v.version, og.path AS "ownerGroup",
      og.missing_since AS "ownerGroupMissingSince", rg.path AS "requesterGroup",
      v.max_minutes AS "maxMinutes", ${entitlementsOf(Prisma.sql`v.id`)} AS entitlements,
      EXISTS (SELECT 1 FROM group_member m
        WHERE m.group_id = v.requester_group_id AND m.person_id = ${viewer.personId}::uuid) AS "mayAsk",
      (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.closed_at - l.created_at) / 60)
        FROM (SELECT q.closed_at, q.created_at FROM access_request q
          WHERE q.role_id = r.id AND q.state IN ('APPROVED', 'DENIED') ORDER BY q.id DESC LIMIT 50) l)::float8
        AS "usualMinutesToDecision"
    FROM role r
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN access_group og ON og.id = v.owner_group_id
      JOIN access_group rg ON rg.id = v.requester_group_id
    WHERE ${visibleRole(viewer)}
    ORDER BY v.name, r.slug`;
}
