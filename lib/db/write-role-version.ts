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

/** Adds one version and gives its id. @throws Refused group-unknown like `requireKnownGroups` */
export async function writeRoleVersion(
  tx: Tx,
  spec: RoleSpec,
  stamp: VersionStamp,
  before?: RoleSpec,
): Promise<string> {
  await requireKnownGroups(tx, spec, before);
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
  return id;
}

/**
 * @param before the version in force, whose groups may be gone by now: that must not keep the rest from being changed.
 * @throws Refused group-unknown when a new group is not one that Daypass knows
 */
export async function requireKnownGroups(tx: Tx, spec: RoleSpec, before?: RoleSpec): Promise<void> {
  const old = [before?.ownerGroupId, before?.requesterGroupId];
  const ids = [...new Set([spec.ownerGroupId, spec.requesterGroupId])].filter((id) => !old.includes(id));
  const known = await tx.group.count({ where: { id: { in: ids }, missingSince: null } });
  if (known !== ids.length) throw new Refused("group-unknown", "ownerGroupId");
}

/** A version as the history keeps it; without a number, what a version would say. */
export function specJson(spec: RoleSpec, version?: number): Json {
  return {
    ...(version === undefined ? {} : { version }),
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
