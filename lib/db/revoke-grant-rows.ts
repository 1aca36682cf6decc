import { Conflict } from "../domain/refusals.ts";
import type { Tx } from "./client.ts";
import type { GrantCase } from "./read-grant-case.ts";
import type { Entry } from "./record.ts";
import { wakeBindings } from "./wake.ts";

export type Revocation = {
  readonly reason: string;
  /** Who takes it back; null when Daypass does. */
  readonly byId: string | null;
  readonly byName: string;
};

/**
 * Starts taking one live grant back. From this commit on nothing wants its access; only the worker writes REVOKED, after
 * it looked. @throws Conflict when the grant moved since it was read.
 */
export async function revokeGrantRows(tx: Tx, grant: GrantCase, revocation: Revocation): Promise<Entry> {
  const moved = await tx.$executeRaw`
    UPDATE access_grant SET state = 'REVOKING', revision = revision + 1, ending_at = ${grant.now},
      end_reason = ${revocation.reason}, revoked_by_id = ${revocation.byId}::uuid
    WHERE id = ${grant.id}::uuid AND state = ${grant.state} AND revision = ${grant.revision}`;
  if (moved !== 1) throw new Conflict("grant");
  await wakeBindings(tx, grant.bindingIds, grant.now, "removal");
  return {
    kind: "grant.revoking",
    about: { person: grant.personName, role: grant.roleSlug, by: revocation.byName },
    personId: grant.personId,
    roleId: grant.roleId,
    requestId: grant.requestId,
    grantId: grant.id,
    why: revocation.reason,
    before: { state: grant.state },
    after: { state: "REVOKING" },
  };
}
