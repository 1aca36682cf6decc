import "server-only";
import type { Place } from "../domain/entitlement.ts";
import type { Db } from "../db/client.ts";

export type WorkerState = {
  readonly workers: readonly { readonly id: string; readonly startedAt: Date; readonly seenAt: Date }[];
  readonly queued: number;
  readonly due: number;
  readonly oldestDueAt: Date | null;
  readonly troubles: readonly (Place & {
    readonly id: string;
    readonly personName: string;
    readonly tries: number;
    readonly lastError: string;
    readonly owedSince: Date | null;
    readonly dueAt: Date | null;
  })[];
  readonly connections: readonly {
    readonly name: string;
    readonly lastOkAt: Date | null;
    readonly downSince: Date | null;
    readonly lastError: string | null;
    readonly syncedAt: Date | null;
    readonly heldUntil: Date | null;
  }[];
};

/** How the worker is doing: for admins and auditors, who may see everything in it. */
export async function workerState({ db }: { db: Db }): Promise<WorkerState> {
  const [workers, connections, counts, troubles] = await Promise.all([
    db.workerHeartbeat.findMany({ orderBy: { startedAt: "asc" } }),
    db.connection.findMany({ orderBy: { name: "asc" } }),
    db.$queryRaw<[{ queued: number; due: number; oldestDueAt: Date | null }]>`
      SELECT (SELECT count(*)::int FROM graphile_worker.jobs WHERE run_at <= now()) AS queued,
        (SELECT count(*)::int FROM binding WHERE due_at <= daypass_now()) AS due,
        (SELECT min(due_at) FROM binding WHERE due_at <= daypass_now()) AS "oldestDueAt"`,
    db.$queryRaw<WorkerState["troubles"][number][]>`
      SELECT b.id, b.connection, b.kind, b.target, p.name AS "personName", b.tries, b.last_error AS "lastError",
        b.owed_since AS "owedSince", b.due_at AS "dueAt"
      FROM binding b JOIN person p ON p.id = b.person_id
      WHERE b.last_error IS NOT NULL AND b.due_at IS NOT NULL
      ORDER BY b.owed_since NULLS LAST, b.due_at LIMIT 100`,
  ]);
  return { workers, connections, ...counts[0], troubles };
}
