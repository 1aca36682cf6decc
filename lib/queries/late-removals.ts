import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { lateRemovals, type LateRemoval, type LateRemovals } from "../db/late-removals.ts";

export type { LateRemoval, LateRemovals };

/** What is late, for those who can do something about it; null for everybody else. */
export async function lateRemovalsFor(
  viewer: Viewer,
  { most }: { most: number },
  { db }: { db: Db },
): Promise<LateRemovals | null> {
  return viewer.isAdmin ? lateRemovals(db, { most }) : null;
}
