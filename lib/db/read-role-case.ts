import type { RoleSpec } from "../domain/role.ts";
import type { Tx } from "./client.ts";

/** One role as a decision about it needs it: the version in force, who owns it, and where this person stands. */
export type RoleCase = RoleSpec & {
  readonly id: string;
  readonly slug: string;
  readonly version: number;
  readonly versionId: string;
  readonly ownerIds: readonly string[];
  /** Whether the person is in the requester group. */
  readonly mayAsk: boolean;
  readonly pendingForPerson: boolean;
  readonly connectionsWithoutAccount: readonly string[];
  readonly now: Date;
};

export async function readRoleCase(tx: Tx, slug: string, personId: string): Promise<RoleCase | null> {
  const rows = await tx.$queryRaw<RoleCase[]>`
    SELECT r.id, r.slug, v.version, v.id AS "versionId", v.name, v.summary,
      v.owner_group_id AS "ownerGroupId", v.requester_group_id AS "requesterGroupId",
      v.approvals_needed AS "approvalsNeeded", v.max_minutes AS "maxMinutes",
      v.decide_within_minutes AS "decideWithinMinutes",
      entitlements_of(v.id) AS entitlements,
      owners_of(v.owner_group_id) AS "ownerIds",
      EXISTS (SELECT 1 FROM group_member m JOIN person p ON p.id = m.person_id AND p.deactivated_at IS NULL
        WHERE m.group_id = v.requester_group_id AND m.person_id = ${personId}::uuid) AS "mayAsk",
      EXISTS (SELECT 1 FROM access_request q
        WHERE q.requester_id = ${personId}::uuid AND q.role_id = r.id AND q.state = 'PENDING') AS "pendingForPerson",
      ARRAY(SELECT DISTINCT e.connection FROM entitlement e WHERE e.role_version_id = v.id AND NOT EXISTS (
        SELECT 1 FROM provider_account a WHERE a.person_id = ${personId}::uuid AND a.connection = e.connection))
        AS "connectionsWithoutAccount",
      daypass_now() AS now
    FROM role r JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE r.slug = ${slug}`;
  return rows[0] ?? null;
}
