import { v7 as newId } from "uuid";
import { SYSTEM } from "../domain/actor.ts";
import type { Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { verifyChain } from "../db/verify-chain.ts";

/**
 * Verifies the whole history when the last time was more than a day ago, and keeps what was found. A break that was not
 * known yet becomes an entry of its own. Gives whether it looked.
 */
export async function checkHistoryDaily(db: Db): Promise<boolean> {
  const [due] = await db.$queryRaw<[{ due: boolean }]>`
    SELECT NOT EXISTS (SELECT FROM chain_check WHERE at > daypass_now() - interval '1 day') AS due`;
  if (due.due) await checkHistory(db);
  return due.due;
}

async function checkHistory(db: Db): Promise<void> {
  const start = performance.now();
  const { end, brokenAt } = await verifyChain(db);
  const tookMs = Math.round(performance.now() - start);
  await db.$transaction(async (tx) => {
    const [before] = await tx.chainCheck.findMany({ orderBy: { at: "desc" }, take: 1 });
    const now = await databaseNow(tx);
    await tx.chainCheck.create({
      data: { id: newId(), at: now, good: end.seq, hash: Buffer.from(end.hash), brokenAt, tookMs },
    });
    if (brokenAt === null || before?.brokenAt === BigInt(brokenAt)) return;
    await record(tx, SYSTEM, now, [{ kind: "history.broken", about: { entry: brokenAt }, after: { brokenAt } }]);
  });
}
