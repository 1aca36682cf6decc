import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { roleVersions, type VersionRow } from "./role-versions.ts";
import { publicationOf, settlingOf, type Settling } from "./settling.ts";

export type VersionDetail = {
  readonly version: VersionRow;
  /** The version before; null for the first. */
  readonly previous: VersionRow | null;
  readonly settling: readonly Settling[];
};

/** One version of a role with what it did to live grants that the viewer may see. Null when there is none to see. */
export async function roleVersionSeenBy(
  viewer: Viewer,
  slug: string,
  version: number,
  { db }: { db: Db },
): Promise<VersionDetail | null> {
  const versions = await roleVersions(viewer, slug, { db });
  const at = versions?.findIndex((row) => row.version === version) ?? -1;
  const row = versions?.[at];
  if (!row) return null;
  return {
    version: row,
    previous: versions?.[at + 1] ?? null,
    settling: await settlingOf(viewer, publicationOf(slug, version), { db }),
  };
}
