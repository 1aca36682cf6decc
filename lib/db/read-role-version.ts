import type { RoleSpec } from "../domain/role.ts";
import type { Db, Tx } from "./client.ts";

export type RoleVersionCase = RoleSpec & { readonly version: number; readonly versionId: string };

/** One version of a role as it was published; null when there is no such version. */
export async function readRoleVersion(db: Db | Tx, roleId: string, version: number): Promise<RoleVersionCase | null> {
  const rows = await db.$queryRaw<RoleVersionCase[]>`
    SELECT version, id AS "versionId", name, summary, owner_group_id AS "ownerGroupId",
      requester_group_id AS "requesterGroupId", approvals_needed AS "approvalsNeeded", max_minutes AS "maxMinutes",
      decide_within_minutes AS "decideWithinMinutes", entitlements_of(id) AS entitlements
    FROM role_version WHERE role_id = ${roleId}::uuid AND version = ${version}`;
  return rows[0] ?? null;
}
