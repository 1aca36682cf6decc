import "server-only";
import type { RoleSpec } from "../domain/role.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { visibleRole } from "./visible.ts";

export type VersionRow = RoleSpec & {
  readonly version: number;
  readonly ownerGroup: string;
  readonly requesterGroup: string;
  readonly reason: string;
  /** When the reason was taken out by the retention policy. */
  readonly redactedAt: Date | null;
  /** Null when the host published it. */
  readonly publishedBy: string | null;
  readonly publishedAt: Date;
  readonly restores: number | null;
  readonly isCurrent: boolean;
};

/** Every version of a role that the viewer may see, newest first; null when it is none of the viewer's business. */
export async function roleVersions(viewer: Viewer, slug: string, { db }: { db: Db }): Promise<VersionRow[] | null> {
  const rows = await db.$queryRaw<VersionRow[]>`
    SELECT x.version, x.name, x.summary, x.owner_group_id AS "ownerGroupId", x.requester_group_id AS "requesterGroupId",
      x.approvals_needed AS "approvalsNeeded", x.max_minutes AS "maxMinutes",
      x.decide_within_minutes AS "decideWithinMinutes", x.reason, x.redacted_at AS "redactedAt", x.restores, x.published_at AS "publishedAt",
      og.path AS "ownerGroup", rg.path AS "requesterGroup", p.name AS "publishedBy",
      x.version = r.current_version AS "isCurrent", entitlements_of(x.id) AS entitlements
    FROM role r
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN role_version x ON x.role_id = r.id
      JOIN access_group og ON og.id = x.owner_group_id
      JOIN access_group rg ON rg.id = x.requester_group_id
      LEFT JOIN person p ON p.id = x.published_by_id
    WHERE r.slug = ${slug} AND ${visibleRole(viewer)}
    ORDER BY x.version DESC`;
  return rows.length > 0 ? rows : null;
}
