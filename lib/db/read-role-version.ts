import type { RoleSpec } from "../domain/role.ts";
import type { Db, Tx } from "./client.ts";
import { Prisma } from "./generated/client.ts";

export type RoleVersionCase = RoleSpec & { readonly version: number; readonly versionId: string };

const COLUMNS = Prisma.sql`v.version, v.id AS "versionId", v.name, v.summary, v.owner_group_id AS "ownerGroupId",
  v.requester_group_id AS "requesterGroupId", v.approvals_needed AS "approvalsNeeded", v.max_minutes AS "maxMinutes",
  v.decide_within_minutes AS "decideWithinMinutes", entitlements_of(v.id) AS entitlements`;

/** One version of a role as it was published; null when there is no such version. */
export async function readRoleVersion(db: Db | Tx, roleId: string, version: number): Promise<RoleVersionCase | null> {
  const rows = await db.$queryRaw<RoleVersionCase[]>`
    SELECT ${COLUMNS} FROM role_version v WHERE v.role_id = ${roleId}::uuid AND v.version = ${version}`;
  return rows[0] ?? null;
}

/** The versions in force of these roles, by the id of the role. */
export async function versionsInForce(
  db: Db | Tx,
  roleIds: readonly string[],
): Promise<ReadonlyMap<string, RoleVersionCase>> {
  const rows = await db.$queryRaw<(RoleVersionCase & { roleId: string })[]>`
    SELECT r.id AS "roleId", ${COLUMNS} FROM role r
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE r.id = ANY(${[...roleIds]}::uuid[])`;
  return new Map(rows.map(({ roleId, ...version }) => [roleId, version]));
}
