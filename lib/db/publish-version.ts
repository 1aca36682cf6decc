import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import type { RoleSpec } from "../domain/role.ts";
import type { Tx } from "./client.ts";
import type { LockedRole } from "./lock-role.ts";
import { applyNarrowings, narrowingsBy } from "./narrowing.ts";
import { asSpelled } from "./place-spelling.ts";
import type { RoleVersionCase } from "./read-role-version.ts";
import { record, type Entry } from "./record.ts";
import { overtakeWidenings } from "./move-widening.ts";
import { specJson, writeRoleVersion } from "./write-role-version.ts";

export type Publication = {
  readonly kind: "role.published" | "role.rolled-back" | "role.widened";
  readonly spec: RoleSpec;
  readonly reason: string;
  readonly publishedById: string;
  /** The version that is restored, when this is a rollback to one. */
  readonly restores: number | null;
  readonly about: Entry["about"];
  readonly causeId: string | null;
};

export type Published = { readonly role: LockedRole; readonly changeId: string };

/** Publishes the next version and narrows what live grants want, at once and for good. Nothing live is widened (rule 9). */
export async function publishVersion(
  tx: Tx,
  actor: Actor,
  role: LockedRole,
  { kind, spec: wanted, reason, publishedById, restores, about, causeId }: Publication,
): Promise<Published> {
  const version = role.current.version + 1;
  const spec = { ...wanted, entitlements: await asSpelled(tx, wanted.entitlements) };
  const stamp = { roleId: role.id, version, reason, publishedById, publishedAt: role.now, restores };
  const versionId = await writeRoleVersion(tx, spec, stamp, fieldsOf(role.current));
  await tx.role.update({ where: { id: role.id }, data: { currentVersion: version } });
  const changeId = newId();
  const narrowings = await narrowingsBy(tx, role.id, spec.entitlements);
  const narrowedEntries = await applyNarrowings(tx, narrowings, role, role.now, changeId);
  const overtakenEntries = await overtakeWidenings(tx, { kind: "role", roleId: role.id }, role.now, changeId);
  await record(tx, actor, role.now, [
    {
      id: changeId,
      kind,
      about: { role: role.slug, version, ...about },
      roleId: role.id,
      causeId,
      why: reason,
      before: specJson(role.current, role.current.version),
      after: specJson(spec, version),
    },
    ...narrowedEntries,
    ...overtakenEntries,
  ]);
  return { role: { ...role, current: { ...spec, version, versionId } }, changeId };
}

export function fieldsOf({ version: _version, versionId: _versionId, ...spec }: RoleVersionCase): RoleSpec {
  return spec;
}
