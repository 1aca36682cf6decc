import type { Db } from "../db/client.ts";
import { LEASE_SECONDS } from "./lease.ts";
import { LISTING_SECONDS } from "./look-at-places.ts";

/** A worker that was not heard of for this long is taken for dead. Machine time. */
const DEAD_AFTER_SECONDS = 8;

/** More than a clock is corrected by every day. */
const BACK_BY_SECONDS = 5;

/**
 * Says that this worker lives, and under which name it locks jobs of the queue. When a heartbeat lies ahead of the clock, the clock was put back: everything that was put
 * off until a moment is due then, or it would wait for as long as the clock went back. Looking too early changes nothing.
 * A write of a moment that is still to come was made just now; else it would explain every look until then.
 */
export async function beat(db: Db, workerId: string, lockName: string | null = null): Promise<void> {
  await db.$executeRaw`
    WITH back AS (
      SELECT daypass_now() AS now, clock_timestamp() + ${LISTING_SECONDS} * interval '1 second' AS listed_by,
        clock_timestamp() + ${LEASE_SECONDS} * interval '1 second' AS removed_by
      FROM worker_heartbeat
      HAVING max(seen_at) > clock_timestamp() + ${BACK_BY_SECONDS} * interval '1 second'
    ), places AS (
      UPDATE binding SET due_at = CASE WHEN due_at > now THEN now ELSE due_at END,
        wrote_at = CASE WHEN wrote_at > now THEN now ELSE wrote_at END
      FROM back WHERE due_at > now OR wrote_at > now
    ), listings AS (
      UPDATE managed_place SET leased_until = listed_by FROM back WHERE leased_until > listed_by
    ), removals AS (
      UPDATE unknown_access SET due_at = CASE WHEN due_at > now THEN now ELSE due_at END,
        leased_until = CASE WHEN leased_until > removed_by THEN removed_by ELSE leased_until END
      FROM back WHERE due_at > now OR leased_until > removed_by
    ), held AS (
      UPDATE connection SET held_until = NULL WHERE EXISTS (SELECT 1 FROM back)
    ), others AS (
      UPDATE worker_heartbeat SET seen_at = clock_timestamp()
      WHERE EXISTS (SELECT 1 FROM back) AND id <> ${workerId} AND seen_at > clock_timestamp()
    )
    INSERT INTO worker_heartbeat (id, started_at, seen_at, lock_name)
    VALUES (${workerId}, clock_timestamp(), clock_timestamp(), ${lockName})
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at, lock_name = EXCLUDED.lock_name`;
}

/**
 * Frees the bindings that dead workers hold, so that a crash never holds up a removal, those of leases that no clock of
 * ours can have given, and the jobs of the queue that dead workers had locked. The raised fence keeps a worker that only
 * seemed dead from settling anything.
 */
export async function freeLeasesOfDeadWorkers(db: Db): Promise<void> {
  await db.$queryRaw`
    WITH dead AS (
      DELETE FROM worker_heartbeat WHERE seen_at < clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second'
      RETURNING id, lock_name
    ), freed AS (
      UPDATE binding SET leased_by = NULL, leased_until = NULL, fence = fence + 1
      WHERE leased_by IN (SELECT id FROM dead)
        OR leased_until > clock_timestamp() + ${LEASE_SECONDS + BACK_BY_SECONDS} * interval '1 second'
    )
    SELECT graphile_worker.force_unlock_workers(ARRAY(SELECT lock_name FROM dead WHERE lock_name IS NOT NULL))::text`;
}
