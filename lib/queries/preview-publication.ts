import "server-only";
import type { RoleSpec } from "../domain/role.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { withKnownGroups } from "../db/known-groups.ts";
import { requireSpelling } from "../db/place-spelling.ts";
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

/**
 * The same for what somebody typed.
 * @throws Refused place-spelled-otherwise
 */
export async function previewTyped(
  viewer: Viewer,
  slug: string,
  spec: RoleSpec,
  { db }: { db: Db },
): Promise<Preview | null> {
  const preview = await previewPublication(viewer, slug, spec, { db });
  if (preview) await requireSpelling(db, spec.entitlements);
  return preview;
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
