import { v7 as newId } from "uuid";
import type { Json } from "../domain/change.ts";
import { Refused } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import type { Tx } from "./client.ts";

export type VersionStamp = {
  readonly roleId: string;
  readonly version: number;
  readonly reason: string;
  readonly publishedById: string | null;
  readonly publishedAt: Date;
  readonly restores: number | null;
};

/** Adds one version. @throws Refused group-unknown when a group is not one that Daypass knows. */
export async function writeRoleVersion(tx: Tx, spec: RoleSpec, stamp: VersionStamp): Promise<void> {
  const ids = [...new Set([spec.ownerGroupId, spec.requesterGroupId])];
  const known = await tx.group.count({ where: { id: { in: ids }, missingSince: null } });
  if (known !== ids.length) throw new Refused("group-unknown", "ownerGroupId");

  const { entitlements, ...fields } = spec;
  const id = newId();
  await tx.roleVersion.create({ data: { id, ...stamp, ...fields } });
  await tx.entitlement.createMany({
    data: entitlements.map(({ connection, kind, target, level }) => ({
      id: newId(),
      roleVersionId: id,
      connection,
      kind,
      target,
      level,
    })),
  });
}

/** A version as the history keeps it. */
export function specJson(spec: RoleSpec, version: number): Json {
  return {
    version,
    name: spec.name,
    summary: spec.summary,
    ownerGroupId: spec.ownerGroupId,
    requesterGroupId: spec.requesterGroupId,
    approvalsNeeded: spec.approvalsNeeded,
    maxMinutes: spec.maxMinutes,
    decideWithinMinutes: spec.decideWithinMinutes,
    entitlements: spec.entitlements.map(({ connection, kind, target, level }) => ({ connection, kind, target, level })),
  };
}
