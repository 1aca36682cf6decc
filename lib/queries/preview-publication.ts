import "server-only";
import type { RoleSpec } from "../domain/role.ts";
import { differences, type Difference } from "../domain/role-difference.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { narrowingsBy, type Narrowing } from "../db/narrowing.ts";
import { roleSeenBy, type RoleDetail } from "./role-seen-by.ts";
import { roleVersions } from "./role-versions.ts";

/** What publishing a version would do. The publication itself asks the same functions. */
export type Preview = {
  readonly role: RoleDetail;
  /** The version that this preview is about; sent back with the confirmation, so that a stale one is noticed. */
  readonly expectedVersion: number;
  readonly differences: readonly Difference[];
  /** What live grants lose, at once and for good. */
  readonly narrowings: readonly Narrowing[];
};

/** Null when the viewer may not edit the role, or there is none. */
export async function previewPublication(
  viewer: Viewer,
  slug: string,
  spec: RoleSpec,
  { db }: { db: Db },
): Promise<Preview | null> {
  const role = await roleSeenBy(viewer, slug, { db });
  if (!role?.mayEdit) return null;
  const groups = await db.group.findMany({
    where: { id: { in: [role.ownerGroupId, role.requesterGroupId, spec.ownerGroupId, spec.requesterGroupId] } },
  });
  const paths = new Map(groups.map((group) => [group.id, group.path]));
  return {
    role,
    expectedVersion: role.version,
    differences: differences(role, spec, (id) => paths.get(id) ?? "unknown group"),
    narrowings: await narrowingsBy(db, role.id, spec.entitlements),
  };
}

/** Null when the viewer may not roll back, or there is no such version. */
export async function previewRollback(
  viewer: Viewer,
  slug: string,
  version: number,
  { db }: { db: Db },
): Promise<Preview | null> {
  const versions = await roleVersions(viewer, slug, { db });
  const old = versions?.find((row) => row.version === version);
  return old ? previewPublication(viewer, slug, old, { db }) : null;
}
