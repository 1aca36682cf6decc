import type { Db } from "../db/client.ts";

/** A worker that was not heard of for this long is taken for dead. Machine time. */
const DEAD_AFTER_SECONDS = 8;

export async function beat(db: Db, workerId: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO worker_heartbeat (id, started_at, seen_at) VALUES (${workerId}, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()`;
}

/** Frees the bindings that dead workers hold, so that a crash never holds up a removal. The raised fence keeps a worker that
 * only seemed dead from settling anything. */
export async function freeLeasesOfDeadWorkers(db: Db): Promise<void> {
  await db.$executeRaw`
    WITH dead AS (
      DELETE FROM worker_heartbeat WHERE seen_at < clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second'
      RETURNING id
    )
    UPDATE binding SET leased_by = NULL, leased_until = NULL, fence = fence + 1
    WHERE leased_by IN (SELECT id FROM dead)`;
}
