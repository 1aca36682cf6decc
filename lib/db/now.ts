import type { Db, Tx } from "./client.ts";

/** The database's clock, which every process shares. */
export async function databaseNow(db: Db | Tx): Promise<Date> {
  const [row] = await db.$queryRaw<[{ now: Date }]>`SELECT daypass_now() AS now`;
  return row.now;
}
