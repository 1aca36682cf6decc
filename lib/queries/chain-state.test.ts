import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { v7 as newId } from "uuid";
import { SYSTEM } from "../domain/actor.ts";
import type { StoredChange } from "../domain/change.ts";
import { contentHash } from "../proof/committed.ts";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { chainState, wholeChainState } from "./chain-state.ts";

const COUNT = 12;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 5 });
  await append(COUNT);
  // Only somebody who owns the table can do this; everybody else is stopped by the trigger.
  await db.$executeRaw`ALTER TABLE change DISABLE TRIGGER USER`;
  // The search's index keeps nothing that is no JSON; whoever has the database can do without it.
  await db.$executeRaw`DROP INDEX change_words_idx`;
  await db.$executeRaw`CREATE TABLE kept AS SELECT * FROM change`;
  await db.$executeRaw`CREATE TABLE kept_head AS SELECT * FROM chain_head`;
});
beforeEach(async () => {
  await db.$executeRaw`DELETE FROM change`;
  await db.$executeRaw`INSERT INTO change SELECT * FROM kept`;
  await db.$executeRaw`UPDATE chain_head SET (seq, hash) = (SELECT seq, hash FROM kept_head)`;
  await wholeChainState({ db });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function append(count: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const entries = Array.from({ length: count }, (_, i) => ({
      kind: "group.missing" as const,
      about: { group: `acme/größe “${i}” \u{1f511}` },
      why: i % 2 === 0 ? null : 'line\nbreak \\ and "quotes"',
      after: { n: i / 3 },
    }));
    await record(tx, SYSTEM, now, entries);
  });
}

const brokenAt = async () => (await verifyChain(db)).brokenAt;

test("a chain that nobody touched is verified to the last, from its first entry and from any other", async () => {
  const { end } = await verifyChain(db);
  expect(await chainState({ db })).toEqual({ count: COUNT, brokenAt: null });
  expect((await verifyChain(db, end)).brokenAt).toBeNull();
});

test("what is appended later is verified from where the last verification ended", async () => {
  await append(3);
  expect(await chainState({ db })).toEqual({ count: COUNT + 3, brokenAt: null });
});

describe("a process that has verified nothing yet", () => {
  const check = async (
    good: number,
    { brokenAt = null, hash }: { brokenAt?: bigint | null; hash?: Uint8Array<ArrayBuffer> } = {},
  ) => {
    const entry = await db.change.findUniqueOrThrow({ where: { seq: good } });
    const at = await databaseNow(db);
    await db.chainCheck.create({ data: { id: newId(), at, good, hash: hash ?? entry.hash, brokenAt, tookMs: 1 } });
  };
  const lookAfresh = async () => {
    const fresh = openDb(database.url, { max: 1 });
    try {
      return [await chainState({ db: fresh }), await wholeChainState({ db: fresh })].map(({ brokenAt }) => brokenAt);
    } finally {
      await fresh.$disconnect();
    }
  };

  test("goes on from the worker's last check; verifying from the first finds what was changed before", async () => {
    await check(6);
    await db.$executeRaw`UPDATE change SET actor_name = 'Maya' WHERE seq = 3`;
    expect(await lookAfresh()).toEqual([null, 3]);
  });
  test("finds a history that was written anew since that check", async () => {
    await check(6, { hash: new Uint8Array(32) });
    expect((await lookAfresh())[0]).toBe(7);
  });
  test("begins at the first entry when that check found something", async () => {
    await check(6, { brokenAt: 7n });
    await db.$executeRaw`UPDATE change SET actor_name = 'Maya' WHERE seq = 3`;
    expect((await lookAfresh())[0]).toBe(3);
  });
});

describe("the first entry that is wrong is named", () => {
  test("a flipped byte in a body", async () => {
    await db.$executeRaw`UPDATE change SET body = overlay(body placing 'X' from 12 for 1) WHERE seq = 5`;
    expect(await brokenAt()).toBe(5);
  });
  test("a body that is no JSON any more", async () => {
    await db.$executeRaw`UPDATE change SET body = 'x' || body WHERE seq = 5`;
    expect(await brokenAt()).toBe(5);
  });
  test("a flipped byte in a hash", async () => {
    await db.$executeRaw`UPDATE change SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE seq = 7`;
    expect(await brokenAt()).toBe(7);
  });
  test("a column that says something else than the body", async () => {
    await db.$executeRaw`UPDATE change SET actor_name = 'Maya' WHERE seq = 3`;
    expect(await brokenAt()).toBe(3);
    await db.$executeRaw`UPDATE change SET actor_name = 'Daypass', at = at + interval '1 millisecond' WHERE seq = 3`;
    expect(await brokenAt()).toBe(3);
  });
  test("a deleted entry, in the middle, at the beginning and at the end", async () => {
    await db.$executeRaw`DELETE FROM change WHERE seq = 6`;
    expect(await brokenAt()).toBe(6);
    await db.$executeRaw`DELETE FROM change WHERE seq = 1`;
    expect(await brokenAt()).toBe(1);
  });
  test("entries cut off at the end, even when the head is moved back with them", async () => {
    await db.$executeRaw`DELETE FROM change WHERE seq > 10`;
    expect(await brokenAt()).toBe(11);
    await db.$executeRaw`UPDATE chain_head SET seq = 10`;
    expect(await brokenAt()).toBe(11);
  });
  test("a swapped pair", async () => {
    await db.$executeRaw`UPDATE change SET seq = -seq WHERE seq IN (4, 5)`;
    await db.$executeRaw`UPDATE change SET seq = 9 + seq WHERE seq < 0`;
    expect(await brokenAt()).toBe(4);
  });
  test("an entry rewritten with hashes of its own breaks at the next one", async () => {
    const changed = (await db.change.findUniqueOrThrow({ where: { seq: 8 } })).body.replace("größe", "kleine");
    const content = contentHash(changed, JSON.parse(changed) as StoredChange);
    await db.$executeRaw`
      UPDATE change SET body = ${changed}, content_hash = ${content},
        hash = sha256(prev_hash || int8send(seq) || ${content}::bytea) WHERE seq = 8`;
    expect(await brokenAt()).toBe(9);
  });
  test("a last entry that is no JSON, although every hash and the head fit it", async () => {
    await db.$executeRaw`
      UPDATE change SET body = 'x', content_hash = sha256('x'), hash = sha256(prev_hash || int8send(seq) || sha256('x'))
      WHERE seq = ${COUNT}`;
    await db.$executeRaw`UPDATE chain_head SET hash = (SELECT hash FROM change WHERE seq = ${COUNT})`;
    expect(await brokenAt()).toBe(COUNT);
  });
});

test("what was verified before is looked at again on demand", async () => {
  await db.$executeRaw`UPDATE change SET actor_name = 'Maya' WHERE seq = 3`;
  expect(await chainState({ db })).toEqual({ count: COUNT, brokenAt: null });
  expect(await wholeChainState({ db })).toEqual({ count: 2, brokenAt: 3 });
  expect(await chainState({ db })).toEqual({ count: 2, brokenAt: 3 });
});

test("the database itself refuses to rewrite or empty the history", async () => {
  await db.$executeRaw`ALTER TABLE change ENABLE TRIGGER USER`;
  try {
    await expect(db.$executeRaw`UPDATE change SET why = 'x' WHERE seq = 1`).rejects.toThrow(/only grows/);
    await expect(db.$executeRaw`DELETE FROM change WHERE seq = 1`).rejects.toThrow(/only grows/);
    await expect(db.$executeRaw`TRUNCATE change`).rejects.toThrow(/only grows/);
  } finally {
    await db.$executeRaw`ALTER TABLE change DISABLE TRIGGER USER`;
  }
});
