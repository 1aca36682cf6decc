import type { Db, Tx } from "./client.ts";

/**
 * Runs `work` in one transaction and returns when it is on disk. The transaction itself commits without waiting for the
 * disk, because it holds the end of the history's chain; the flush comes after, shared with everybody who flushes then.
 */
export async function durably<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const result = await db.$transaction(work);
  // Any committed record will do: the log is flushed in order, and ours is before it.
  await db.$queryRaw`SELECT pg_logical_emit_message(true, 'daypass', '')::text`;
  return result;
}
