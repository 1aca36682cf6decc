import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeRoleSpec, type RoleSpec } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { changeRole, type RoleChanged } from "../db/change-role.ts";
import { lockRoleForEditing } from "../db/lock-role.ts";
import { requireSpelling } from "../db/place-spelling.ts";

export type PublishRole = {
  readonly slug: string;
  readonly spec: RoleSpec;
  readonly reason: string;
  /** The version that the editor looked at; anything else in force means that someone was faster. */
  readonly expectedVersion: number;
};

export async function publishRole(
  actor: Actor,
  input: PublishRole,
  { db }: { db: Db },
): Promise<RoleChanged & { slug: string }> {
  return durably(db, async (tx) => {
    const role = await lockRoleForEditing(tx, actor, input.slug);
    if (role.current.version !== input.expectedVersion) throw new Refused("role-version-stale");
    const verdict = judgeRoleSpec(input.spec);
    orRefuse(verdict, verdict.field);
    const { spec, reason } = input;
    await requireSpelling(tx, spec.entitlements);
    const changed = await changeRole(tx, actor, role, { kind: "role.published", spec, reason, restores: null });
    return { slug: input.slug, ...changed };
  });
}
