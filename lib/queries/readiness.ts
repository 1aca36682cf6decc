import "server-only";
import type { Db } from "../db/client.ts";

export type Readiness = {
  readonly workers: number;
  /** Connections whose directory was never read: nobody could ask or approve yet. */
  readonly unsynced: number;
  readonly connectionsDown: readonly string[];
  /** Seconds that the oldest removal is owed. */
  readonly oldestRemovalOwedSeconds: number | null;
};

/** For load balancers and operators; names nobody. */
export async function readiness({ db }: { db: Db }): Promise<Readiness> {
  const [row] = await db.$queryRaw<[Readiness]>`
    SELECT (SELECT count(*)::int FROM worker_heartbeat WHERE seen_at > clock_timestamp() - interval '10 seconds')
        AS workers,
      (SELECT count(*)::int FROM connection WHERE synced_at IS NULL) AS unsynced,
      ARRAY(SELECT name FROM connection WHERE down_since IS NOT NULL ORDER BY name) AS "connectionsDown",
      (SELECT extract(epoch FROM daypass_now() - min(owed_since))::float8 FROM binding WHERE owed_since IS NOT NULL)
        AS "oldestRemovalOwedSeconds"`;
  return row;
}
