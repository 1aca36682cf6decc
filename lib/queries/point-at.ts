import "server-only";
import type { Db } from "../db/client.ts";

/**
 * The last change that had happened by this moment; null when nothing had. Numbers follow time, but for the instant between
 * asking the clock and committing, and have no gaps: halving finds it in twenty looks among a million.
 */
export async function pointAt(at: Date, { db }: { db: Db }): Promise<number | null> {
  const [row] = await db.$queryRaw<[{ seq: bigint }]>`
    WITH RECURSIVE search AS (
      SELECT 0::bigint AS low, seq AS high FROM chain_head
      UNION ALL
      SELECT CASE WHEN c.at <= ${at} THEN c.seq ELSE low END, CASE WHEN c.at <= ${at} THEN high ELSE c.seq - 1 END
      FROM search JOIN change c ON c.seq = (low + high + 1) / 2
      WHERE low < high
    )
    SELECT low AS seq FROM search WHERE low = high`;
  return row.seq === 0n ? null : Number(row.seq);
}
