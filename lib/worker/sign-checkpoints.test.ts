import { afterAll, beforeAll, expect, test } from "vitest";
import { SYSTEM } from "../domain/actor.ts";
import { isSigned, openPublicKey, openSigningKey } from "../proof/checkpoint.ts";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { checkpoints, publicKeys } from "../queries/signatures.ts";
import { checkHistoryDaily } from "./check-history.ts";
import { SIGNED_AT_LEAST_EVERY, announceKey, signCheckpoints } from "./sign-checkpoints.ts";

const KEY = openSigningKey(Buffer.alloc(32, 7).toString("base64"));
const NEXT_KEY = openSigningKey(Buffer.alloc(32, 8).toString("base64"));

let db: Db;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 4 });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

async function append(count: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const entries = Array.from({ length: count }, (_, i) => ({
      kind: "group.missing" as const,
      about: { group: `g${i}` },
    }));
    await record(tx, SYSTEM, now, entries);
  });
}

const signedUpTo = async () => (await checkpoints({ limit: 100 }, { db })).map(({ seq, previous }) => [seq, previous]);

test("a key is announced in the history once, before it signs anything", async () => {
  await announceKey(db, KEY);
  await announceKey(db, KEY);
  expect((await publicKeys({ db })).map(({ id }) => id)).toEqual([KEY.id]);
  expect(await db.change.findMany({ select: { kind: true } })).toEqual([{ kind: "history.key-added" }]);
});

test("the chain is signed as far as it goes, once, and what it signs can be checked with the public key alone", async () => {
  expect(await signCheckpoints(db, KEY)).toBe(1);
  expect(await signCheckpoints(db, KEY)).toBe(0);
  const [signed] = await checkpoints({ limit: 1 }, { db });
  const [known] = await publicKeys({ db });
  const publicKey = openPublicKey(Buffer.from(known!.publicKey, "base64url"));
  expect(isSigned(signed!, publicKey)).toBe(true);
  expect(isSigned({ ...signed!, seq: 2 }, publicKey)).toBe(false);
});

test("no entry is far from a checkpoint, and each checkpoint names the one before", async () => {
  await append(2 * SIGNED_AT_LEAST_EVERY);
  expect(await signCheckpoints(db, KEY)).toBe(3);
  expect(await signedUpTo()).toEqual([
    [2_001, 2_000],
    [2_000, 1_000],
    [1_000, 1],
    [1, null],
  ]);
});

test("two workers at once sign the same stretch once", async () => {
  await append(3);
  const made = await Promise.all([signCheckpoints(db, KEY), signCheckpoints(db, KEY)]);
  expect(made.sort()).toEqual([0, 1]);
  expect((await verifyChain(db)).brokenAt).toBeNull();
});

test("after a change of keys both are known, and the old signatures stay good", async () => {
  await announceKey(db, NEXT_KEY);
  await signCheckpoints(db, NEXT_KEY);
  expect(await publicKeys({ db })).toHaveLength(2);
  expect((await verifyChain(db)).brokenAt).toBeNull();
});

test("the whole history is verified once a day, and what was found is kept", async () => {
  expect(await checkHistoryDaily(db)).toBe(true);
  expect(await checkHistoryDaily(db)).toBe(false);
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 86400000`;
  expect(await checkHistoryDaily(db)).toBe(true);
  const good = Number((await db.chainHead.findUniqueOrThrow({ where: { id: 1 } })).seq);
  expect(await db.chainCheck.findMany({ select: { good: true, brokenAt: true } })).toEqual([
    { good: BigInt(good), brokenAt: null },
    { good: BigInt(good), brokenAt: null },
  ]);
});

test("a broken history is not signed; the daily check names the entry, in the history too, once", async () => {
  await append(4);
  await signCheckpoints(db, KEY);
  await append(4);
  const { seq } = await db.chainHead.findUniqueOrThrow({ where: { id: 1 } });
  await db.$executeRaw`ALTER TABLE change DISABLE TRIGGER USER`;
  await db.$executeRaw`UPDATE change SET why = 'a lie' WHERE seq = ${seq - 1n}`;
  await expect(signCheckpoints(db, KEY)).rejects.toThrow(`broken at entry ${seq - 1n}`);
  for (let day = 0; day < 2; day += 1) {
    await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 86400000`;
    await checkHistoryDaily(db);
  }
  expect(await db.chainCheck.count({ where: { brokenAt: seq - 1n } })).toBe(2);
  expect(await db.change.count({ where: { kind: "history.broken" } })).toBe(1);
});
