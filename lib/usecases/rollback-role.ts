import type { Actor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { changeRole, type RoleChanged } from "../db/change-role.ts";
import { withKnownGroups } from "../db/known-groups.ts";
import { lockRoleForEditing } from "../db/lock-role.ts";
import { fieldsOf } from "../db/publish-version.ts";
import { readRoleVersion } from "../db/read-role-version.ts";

export type RollbackRole = {
  readonly slug: string;
  readonly version: number;
  readonly reason: string;
  /** The version in force when the preview was shown; something else in force now means that the preview is stale. */
  readonly expectedVersion?: number | undefined;
};

/** Publishes what an older version said, as a new version. Live access only narrows; nothing ended comes back. */
export async function rollbackRole(
  actor: Actor,
  input: RollbackRole,
  { db }: { db: Db },
): Promise<RoleChanged & { slug: string }> {
  return durably(db, async (tx) => {
    const role = await lockRoleForEditing(tx, actor, input.slug);
    if (input.expectedVersion !== undefined && role.current.version !== input.expectedVersion)
      throw new Refused("role-version-stale");
    // Beyond the version in force there is none, and far beyond it not even a number that the database could compare.
    const mayExist = Number.isInteger(input.version) && input.version >= 1 && input.version <= role.current.version;
    const old = mayExist ? await readRoleVersion(tx, role.id, input.version) : null;
    if (!old) throw new Refused("role-version-unknown", "version");
    const changed = await changeRole(tx, actor, role, {
      kind: "role.rolled-back",
      spec: (await withKnownGroups(tx, fieldsOf(old), fieldsOf(role.current))).spec,
      reason: input.reason,
      restores: input.version,
    });
    return { slug: input.slug, ...changed };
  });
}
