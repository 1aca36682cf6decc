import type { Actor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { lockRoleForEditing, publishVersion } from "../db/publish-version.ts";

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
): Promise<{ slug: string; version: number }> {
  return durably(db, async (tx) => {
    const role = await lockRoleForEditing(tx, actor, input.slug);
    if (role.current.version !== input.expectedVersion) throw new Refused("role-version-stale");
    const version = await publishVersion(tx, actor, role, { spec: input.spec, reason: input.reason, restores: null });
    return { slug: input.slug, version };
  });
}
