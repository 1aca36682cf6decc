import "server-only";
import { LATE_AFTER_SECONDS } from "../domain/lateness.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { lateRemovals, type LateRemoval } from "../db/late-removals.ts";
import { siemLag, type SiemLag } from "./siem-state.ts";

export type Readiness = {
  readonly workers: number;
  /** Connections whose directory was never read: nobody could ask or approve yet. */
  readonly unsynced: number;
  readonly connectionsDown: readonly string[];
  /** Removals that are owed for longer than they may take. */
  readonly lateRemovals: {
    readonly count: number;
    readonly lateAfterSeconds: number;
    readonly oldestSeconds: number | null;
    readonly byConnection: readonly { connection: string; count: number; triesMost: number }[];
  };
  /** How far the history was forwarded; null while it is not. */
  readonly siem: SiemLag | null;
};

const NAMED_MAX = 20;

/** For load balancers and operators; names nobody. */
export async function readiness({ db }: { db: Db }): Promise<Readiness> {
  const [[row], { count, items }, siem] = await Promise.all([
    db.$queryRaw<[Omit<Readiness, "lateRemovals" | "siem">]>`
      SELECT (SELECT count(*)::int FROM worker_heartbeat WHERE seen_at > clock_timestamp() - interval '10 seconds')
          AS workers,
        (SELECT count(*)::int FROM connection WHERE synced_at IS NULL) AS unsynced,
        ARRAY(SELECT name FROM connection WHERE down_since IS NOT NULL ORDER BY name) AS "connectionsDown"`,
    lateRemovals(db, { most: 1_000 }),
    siemLag({ db }),
  ]);
  const byConnection = [...Map.groupBy(items, ({ connection }) => connection)].map(([connection, late]) => ({
    connection,
    count: late.length,
    triesMost: Math.max(...late.map(({ tries }) => tries)),
  }));
  const oldestSeconds = items[0] ? Math.round(items[0].lateSeconds) : null;
  return { ...row, lateRemovals: { count, lateAfterSeconds: LATE_AFTER_SECONDS, oldestSeconds, byConnection }, siem };
}

/** Who should have lost what, and the provider's own last answer: only for those who may know; null for others. */
export async function lateDetails(viewer: Viewer, { db }: { db: Db }): Promise<readonly LateRemoval[] | null> {
  if (!viewer.isAdmin && !viewer.isAuditor) return null;
  return (await lateRemovals(db, { most: NAMED_MAX })).items;
}
