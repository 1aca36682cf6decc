import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { ownedRoles } from "./visible.ts";

/** Whether there is a role that the viewer owns, or whether they watch over all of them. */
export async function watchesOverRoles(viewer: Viewer, { db }: { db: Db }): Promise<boolean> {
  if (seesAll(viewer)) return true;
  const [row] = await db.$queryRaw<[{ owns: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM ${ownedRoles(viewer.personId)} AS owned) AS owns`;
  return row.owns;
}
