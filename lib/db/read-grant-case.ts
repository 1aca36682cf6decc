import type { GrantState } from "../domain/grant.ts";
import type { Tx } from "./client.ts";
import { isExtended } from "./is-extended.ts";

/** One grant as ending it needs it. */
export type GrantCase = {
  readonly id: string;
  readonly state: GrantState;
  readonly revision: number;
  readonly personId: string;
  readonly personName: string;
  readonly requestId: string;
  readonly roleId: string;
  readonly roleSlug: string;
  /** Active owners of the role's owner group now. */
  readonly ownerIds: readonly string[];
  readonly bindingIds: readonly string[];
  readonly endsAt: Date;
  /** Whether another live grant goes on from where this one ends. */
  readonly isExtended: boolean;
  readonly now: Date;
};

export async function readGrantCase(tx: Tx, grantId: string): Promise<GrantCase | null> {
  const rows = await tx.$queryRaw<GrantCase[]>`
    SELECT g.id, g.state, g.revision, g.person_id AS "personId", p.name AS "personName", g.request_id AS "requestId",
      g.role_id AS "roleId", r.slug AS "roleSlug", owners_of(v.owner_group_id) AS "ownerIds",
      ARRAY(SELECT b.binding_id FROM grant_binding b WHERE b.grant_id = g.id ORDER BY b.binding_id) AS "bindingIds",
      g.ends_at AS "endsAt",
      ${isExtended} AS "isExtended",
      daypass_now() AS now
    FROM access_grant g
      JOIN person p ON p.id = g.person_id
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE g.id = ${grantId}::uuid`;
  return rows[0] ?? null;
}
