import "server-only";
import type { RoleSpec } from "../domain/role.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { withKnownGroups } from "../db/known-groups.ts";
import { effectsOf, type Effect } from "./effects.ts";
import { roleSeenBy, type RoleDetail } from "./role-seen-by.ts";
import { roleVersions } from "./role-versions.ts";

/** What publishing a version would do. */
export type Preview = Effect & {
  readonly role: RoleDetail;
  /** The version that this preview is about; sent back with the confirmation, so that a stale one is noticed. */
  readonly expectedVersion: number;
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
  const [effect] = await effectsOf(db, [{ roleId: role.id, now: role, spec }], await needsFourEyes(db));
  return effect ? { role, expectedVersion: role.version, ...effect } : null;
}

/** Null when the viewer may not roll back, or there is no such version. */
export async function previewRollback(
  viewer: Viewer,
  slug: string,
  version: number,
  { db }: { db: Db },
): Promise<Preview | null> {
  const versions = await roleVersions(viewer, slug, { db });
  const [old, now] = [versions?.find((row) => row.version === version), versions?.find(({ isCurrent }) => isCurrent)];
  if (!old || !now) return null;
  return previewPublication(viewer, slug, (await withKnownGroups(db, old, now)).spec, { db });
}
