import "server-only";
import type { Place } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { lateRemovals, type LateRemovals } from "../db/late-removals.ts";
import { databaseNow } from "../db/now.ts";
import { latenessSince } from "./lateness.ts";

const DAY_MS = 24 * 60 * 60_000;

export type WorkerRow = {
  readonly id: string;
  /** Seconds since it began and since it was last heard of. Machine time: the sandbox's clock does not move it. */
  readonly runsFor: number;
  readonly quietFor: number;
};

export type Trouble = Place & {
  readonly id: string;
  readonly personName: string;
  readonly tries: number;
  readonly lastError: string;
  readonly owedSince: Date | null;
  readonly dueAt: Date | null;
  /** The newest grant that is still open there. */
  readonly grantId: string | null;
};

export type WorkerState = {
  readonly workers: readonly WorkerRow[];
  /** Wake-ups that wait to be taken. */
  readonly queued: number;
  readonly due: number;
  readonly oldestDueAt: Date | null;
  /** Removals that are owed and not proved. */
  readonly owed: number;
  readonly late: LateRemovals;
  /** Removals of the last 24 hours by how late they were proved, one number for each bar of `latenessWords`. */
  readonly lateness: readonly number[];
  /** Places where the last try came to nothing, the longest owed first; at most 100. */
  readonly troubles: readonly Trouble[];
};

/** How the worker is doing, for admins and auditors; null for everybody else. */
export async function workerState(viewer: Viewer, { db }: { db: Db }): Promise<WorkerState | null> {
  if (!seesAll(viewer)) return null;
  const now = await databaseNow(db);
  const [workers, [counts], troubles, late, { counts: lateness }] = await Promise.all([
    db.$queryRaw<WorkerRow[]>`
      SELECT id, extract(epoch FROM clock_timestamp() - started_at)::int AS "runsFor",
        extract(epoch FROM clock_timestamp() - seen_at)::int AS "quietFor"
      FROM worker_heartbeat ORDER BY started_at`,
    db.$queryRaw<[Pick<WorkerState, "queued" | "due" | "oldestDueAt" | "owed">]>`
      SELECT (SELECT count(*)::int FROM graphile_worker.jobs WHERE run_at <= now()) AS queued,
        (SELECT count(*)::int FROM binding WHERE due_at <= (SELECT daypass_now())) AS due,
        (SELECT min(due_at) FROM binding WHERE due_at <= (SELECT daypass_now())) AS "oldestDueAt",
        (SELECT count(*)::int FROM binding WHERE owed_since IS NOT NULL) AS owed`,
    db.$queryRaw<Trouble[]>`
      SELECT b.id, b.connection, b.kind, b.target, p.name AS "personName", b.tries, b.last_error AS "lastError",
        b.owed_since AS "owedSince", b.due_at AS "dueAt",
        (SELECT g.id FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
          WHERE gb.binding_id = b.id AND g.closed_at IS NULL ORDER BY g.id DESC LIMIT 1) AS "grantId"
      FROM binding b JOIN person p ON p.id = b.person_id
      WHERE b.last_error IS NOT NULL AND b.due_at IS NOT NULL
      ORDER BY b.owed_since NULLS LAST, b.due_at LIMIT 100`,
    lateRemovals(db, { most: 50 }),
    latenessSince(viewer, new Date(now.getTime() - DAY_MS), { db }),
  ]);
  return { workers, ...counts, troubles, late, lateness };
}
