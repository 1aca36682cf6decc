import "server-only";
import type { Db } from "../db/client.ts";

/** The last change that had happened by this moment; null when nothing had. */
export async function pointAt(at: Date, { db }: { db: Db }): Promise<number | null> {
  const [row] = await db.$queryRaw<[{ seq: bigint }]>`SELECT point_at(${at}) AS seq`;
  return row.seq === 0n ? null : Number(row.seq);
}
