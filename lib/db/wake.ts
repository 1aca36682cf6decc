import type { Tx } from "./client.ts";

/** Jobs that take access away run before jobs that give it. */
const PRIORITY = { removal: -10, addition: 0 } as const;

/**
 * Wakes the worker for these bindings, at once or at `at` on Daypass's clock. A wake-up is a convenience: `due_at` on the
 * binding, written here too, is what the sweep goes by.
 */
export async function wakeBindings(
  tx: Tx,
  bindingIds: readonly string[],
  at: Date,
  urgency: keyof typeof PRIORITY,
): Promise<void> {
  if (bindingIds.length === 0) return;
  await tx.$queryRaw`
    WITH due AS (
      UPDATE binding SET due_at = LEAST(due_at, ${at}::timestamptz),
        owed_since = CASE WHEN ${urgency} = 'removal' AND ${at}::timestamptz <= daypass_now()
          THEN COALESCE(owed_since, ${at}::timestamptz) ELSE owed_since END
      WHERE id = ANY(${bindingIds}::uuid[]) RETURNING id
    )
    SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(SELECT (
      'reconcile-binding', json_build_object('bindingId', id), NULL, machine_time(${at}::timestamptz), NULL,
      'reconcile:' || id || ':' || floor(extract(epoch FROM ${at}::timestamptz)), ${PRIORITY[urgency]}::int, NULL
    )::graphile_worker.job_spec FROM due))`;
}

/** Wakes the worker to take away access that somebody does not want to stay. `due_at` there is what the sweep goes by. */
export async function wakeAccessRemoval(tx: Tx, accessId: string): Promise<void> {
  await tx.$queryRaw`
    SELECT graphile_worker.add_job('remove-access', json_build_object('accessId', ${accessId}::text),
      job_key := 'remove-access:' || ${accessId}::text, priority := ${PRIORITY.removal})::text`;
}
