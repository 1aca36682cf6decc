import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { givenBy, watches } from "./watched.ts";

/** How the last looks went at the places that the viewer's roles give: what is said of drift is as good as they are. */
export type LastLooks = {
  readonly places: number;
  /** How many of them were never looked at, or could not be when they were last to be. */
  readonly unseen: number;
  /** When the one was looked at that was looked at longest ago; null when there is none. */
  readonly since: Date | null;
  /** What went wrong at one of those that could not be looked at. */
  readonly lastError: string | null;
};

export async function lastLooks(viewer: Viewer, { db }: { db: Db }): Promise<LastLooks> {
  const [looks] = await db.$queryRaw<[LastLooks]>`
    SELECT count(*)::int AS places, count(*) FILTER (WHERE m.looked_at IS NULL OR m.last_error IS NOT NULL)::int AS unseen,
      min(m.looked_at) AS since, max(m.last_error) AS "lastError"
    FROM managed_place m WHERE ${givenBy(watches(viewer))}`;
  return looks;
}
