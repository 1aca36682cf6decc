import { beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { SYSTEM } from "../domain/actor.ts";
import { verifyChain } from "./chain-state.ts";

let db: Db;
let drop: () => Promise<void>;

beforeEach(async () => {
  const database = await freshDatabase();
  db = openDb(database.url, { max: 2 });
  drop = database.drop;
  for (let n = 1; n <= 12; n += 1)
    await db.$transaction((tx) =>
      record(tx, SYSTEM, new Date(1_772_000_000_000 + n), [
        { kind: "group.missing", about: { group: `acme/${n}` }, why: `“quoted” ü ${n}` },
      ]),
    );
  return async () => {
    await db.$disconnect();
    await drop();
  };
});

async function tamper(sql: string): Promise<void> {
  await db.$executeRawUnsafe("ALTER TABLE change DISABLE TRIGGER USER");
  await db.$executeRawUnsafe(sql);
}

test("an untouched chain verifies to the last", async () => {
  expect(await verifyChain(db)).toMatchObject({ brokenAt: null, end: { seq: 12n } });
});

test.each([
  ["a changed byte of a body", "UPDATE change SET body = replace(body, 'acme/7', 'acme/8') WHERE seq = 7", 7],
  ["a column that differs from its body", "UPDATE change SET actor_name = 'Mallory' WHERE seq = 5", 5],
  ["a changed time", "UPDATE change SET at = at + interval '1 hour' WHERE seq = 3", 3],
  ["a flipped bit of a hash", "UPDATE change SET hash = set_bit(hash, 9, 1 - get_bit(hash, 9)) WHERE seq = 4", 4],
  ["a deleted row", "DELETE FROM change WHERE seq = 6", 6],
  ["a cut-off end", "DELETE FROM change WHERE seq > 10", 11],
  [
    "two swapped rows",
    "UPDATE change SET seq = CASE seq WHEN 8 THEN -9 ELSE -8 END WHERE seq IN (8, 9); ",
    8,
  ],
  [
    "an inserted row",
    `INSERT INTO change SELECT 13, gen_random_uuid(), at, kind, actor_kind, actor_id, actor_name, via, person_id, role_id,
       request_id, grant_id, binding_id, cause_id, why, body, content_hash, prev_hash, hash FROM change WHERE seq = 12`,
    null,
  ],
])("%s is found", async (what, sql, brokenAt) => {
  await tamper(sql);
  if (what === "two swapped rows") await tamper("UPDATE change SET seq = -seq WHERE seq < 0");
  if (what === "an inserted row") await tamper("UPDATE chain_head SET seq = 13");
  const { brokenAt: found } = await verifyChain(db);
  expect(found).toBe(brokenAt ?? 13);
});

test("history rows cannot be updated, deleted or truncated", async () => {
  await expect(db.$executeRaw`UPDATE change SET why = 'x'`).rejects.toThrow("only grows");
  await expect(db.$executeRaw`DELETE FROM change`).rejects.toThrow("only grows");
  await expect(db.$executeRaw`TRUNCATE change`).rejects.toThrow("only grows");
});
