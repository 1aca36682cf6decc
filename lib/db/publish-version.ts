import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason, judgeRoleSpec, sameSpec, type RoleSpec } from "../domain/role.ts";
import type { Tx } from "./client.ts";
import { applyNarrowings, narrowingsBy } from "./narrowing.ts";
import { readRoleVersion, type RoleVersionCase } from "./read-role-version.ts";
import { record } from "./record.ts";
import { specJson, writeRoleVersion } from "./write-role-version.ts";

export type LockedRole = {
  readonly id: string;
  readonly slug: string;
  readonly now: Date;
  readonly current: RoleVersionCase;
};

/**
 * Locks the role, so that no approval can slip in between the version it judged and the one that is being published.
 * Owners of the role's owner group and admins may edit it; to everybody else who asks it does not exist.
 */
export async function lockRoleForEditing(tx: Tx, actor: Actor, slug: string): Promise<LockedRole> {
  const [role] = await tx.$queryRaw<{ id: string; currentVersion: number; now: Date }[]>`
    SELECT id, current_version AS "currentVersion", daypass_now() AS now FROM role WHERE slug = ${slug} FOR UPDATE`;
  const current = role && (await readRoleVersion(tx, role.id, role.currentVersion));
  if (!role || !current) throw new Refused("role-unknown");
  const standing = await standingOf(tx, actor, current);
  if (!standing.edits) throw new Refused(standing.sees ? "not-allowed" : "role-unknown");
  return { id: role.id, slug, now: role.now, current };
}

async function standingOf(tx: Tx, actor: Actor, { ownerGroupId, requesterGroupId }: RoleVersionCase) {
  if (actor.isAdmin) return { edits: true, sees: true };
  const [row] = await tx.$queryRaw<[{ edits: boolean; asks: boolean }]>`
    SELECT ${actor.personId}::uuid = ANY(owners_of(${ownerGroupId}::uuid)) AS edits,
      EXISTS (SELECT 1 FROM group_member
        WHERE group_id = ${requesterGroupId}::uuid AND person_id = ${actor.personId}::uuid) AS asks`;
  return { edits: row.edits, sees: actor.isAuditor || row.edits || row.asks };
}

export type Publication = {
  readonly spec: RoleSpec;
  readonly reason: string;
  /** The version that is restored, when this is a rollback. */
  readonly restores: number | null;
};

/** Publishes the next version and narrows what live grants want, at once and for good. Nothing live is widened (rule 9). */
export async function publishVersion(
  tx: Tx,
  actor: Actor,
  role: LockedRole,
  { spec, reason, restores }: Publication,
): Promise<number> {
  const verdict = judgeRoleSpec(spec);
  orRefuse(verdict, verdict.field);
  orRefuse(judgeReason(reason), "reason");
  if (sameSpec(spec, fieldsOf(role.current))) throw new Refused("role-unchanged");

  const version = role.current.version + 1;
  await writeRoleVersion(tx, spec, {
    roleId: role.id,
    version,
    reason,
    publishedById: actor.personId,
    publishedAt: role.now,
    restores,
  });
  await tx.role.update({ where: { id: role.id }, data: { currentVersion: version } });
  const causeId = newId();
  const narrowings = await narrowingsBy(tx, role.id, spec.entitlements);
  const narrowedEntries = await applyNarrowings(tx, narrowings, role, role.now, causeId);
  await record(tx, actor, role.now, [
    {
      id: causeId,
      kind: restores === null ? "role.published" : "role.rolled-back",
      about: { role: role.slug, version, ...(restores === null ? {} : { restores }) },
      roleId: role.id,
      why: reason,
      before: specJson(role.current, role.current.version),
      after: specJson(spec, version),
    },
    ...narrowedEntries,
  ]);
  return version;
}

export function fieldsOf({ version: _version, versionId: _versionId, ...spec }: RoleVersionCase): RoleSpec {
  return spec;
}
