import "server-only";
import type { Db } from "../db/client.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { GENESIS, type Point } from "../proof/link.ts";

/** `count` entries are good; `brokenAt` is the first that is not, or is missing, and null when all of them are good. */
export type ChainState = { readonly count: number; readonly brokenAt: number | null };

/** How far this process has verified, and the verification under way: many viewers at once share one. */
const verified = new WeakMap<Db, Point>();
const underWay = new WeakMap<Db, Promise<ChainState>>();

/**
 * The state of the whole chain. What the worker's last daily check or this process has verified before is not read again:
 * the history only grows.
 */
export function chainState({ db }: { db: Db }): Promise<ChainState> {
  const running = underWay.get(db);
  if (running) return running;
  const started = verifyNew(db).finally(() => underWay.delete(db));
  underWay.set(db, started);
  return started;
}

/** The same from the first entry, whatever was verified before. */
export function wholeChainState({ db }: { db: Db }): Promise<ChainState> {
  verified.delete(db);
  return verifyOn(db, GENESIS);
}

async function verifyNew(db: Db): Promise<ChainState> {
  return verifyOn(db, verified.get(db) ?? (await lastCheck(db)) ?? GENESIS);
}

/** Where the worker's last check of the whole history ended, when it found nothing wrong. */
async function lastCheck(db: Db): Promise<Point | null> {
  const check = await db.chainCheck.findFirst({ orderBy: { at: "desc" } });
  return check?.brokenAt === null && check.hash ? { seq: check.good, hash: check.hash } : null;
}

async function verifyOn(db: Db, from: Point): Promise<ChainState> {
  const { end, brokenAt } = await verifyChain(db, from);
  verified.set(db, end);
  return { count: Number(end.seq), brokenAt };
}
