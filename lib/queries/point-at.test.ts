import { afterAll, beforeAll, expect, test } from "vitest";
import { SYSTEM } from "../domain/actor.ts";
import { openDb, type Db } from "../db/client.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { pointAt } from "./point-at.ts";

const MINUTES = [1, 2, 2, 2, 5, 8, 13];

let db: Db;
let drop: () => Promise<void>;

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 12, minutes));

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = openDb(database.url, { max: 2 });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

test("where nothing has happened there is no point", async () => {
  expect(await pointAt(at(9), { db })).toBeNull();
});

test("the last change by a moment, among any number of them", async () => {
  for (const [i, minutes] of MINUTES.entries()) {
    await db.$transaction((tx) => record(tx, SYSTEM, at(minutes), [{ kind: "group.missing", about: { group: "x" } }]));
    const so = MINUTES.slice(0, i + 1);
    for (let minute = 0; minute <= 14; minute += 1) {
      const count = so.filter((one) => one <= minute).length;
      expect([minute, await pointAt(at(minute), { db })]).toEqual([minute, count === 0 ? null : count]);
    }
  }
});
