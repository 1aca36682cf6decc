import { afterAll, beforeAll, expect, test } from "vitest";
import type { Place } from "../domain/entitlement.ts";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { inTurn } from "./in-turn.ts";
import { NotNow } from "./not-now.ts";

const ROLE: Place = { connection: "aws", kind: "aws-iam-role", target: "payments-deployer" };
const CONNECTIONS = 2;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let turns: Db;
beforeAll(async () => {
  database = await freshDatabase();
  [db, turns] = [openDb(database.url, { max: CONNECTIONS }), openDb(database.url, { max: CONNECTIONS })];
});
afterAll(async () => {
  await Promise.all([db.$disconnect(), turns.$disconnect()]);
  await database.drop();
});

test("one at a time at one trust policy, and however many wait, who has the turn gets a connection", async () => {
  let inside = 0;
  const seen: number[] = [];
  const work = async () => {
    inside += 1;
    await db.$queryRaw`SELECT pg_sleep(0.01)::text`;
    seen.push(inside);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 * CONNECTIONS }, () => inTurn(ROLE, { turns }, work)));
  expect(seen).toEqual(Array.from({ length: 5 * CONNECTIONS }, () => 1));
});

test("at different trust policies as many as there are connections for turns", async () => {
  const both = Promise.withResolvers<null>();
  let inside = 0;
  const work = async () => {
    inside += 1;
    if (inside === CONNECTIONS) both.resolve(null);
    await both.promise;
  };
  const places = Array.from({ length: CONNECTIONS }, (_, n) => ({ ...ROLE, target: `role-${n}` }));
  await Promise.all(places.map((place) => inTurn(place, { turns }, work)));
  expect(inside).toBe(CONNECTIONS);
});

test("a turn lasts as long as its work; who waits longer than it may gives way, and does nothing", async () => {
  const within = 300;
  const told: string[] = [];
  const first = inTurn(
    ROLE,
    { turns },
    async () => {
      await db.$queryRaw`SELECT pg_sleep(${(4 * within) / 1_000})::text`;
      told.push("the first has done its work");
    },
    within,
  );
  await db.$queryRaw`SELECT pg_sleep(0.05)::text`;
  const second = inTurn(ROLE, { turns }, async () => void told.push("the second does something"), within);
  await expect(second).rejects.toBeInstanceOf(NotNow);
  await first;
  expect(told).toEqual(["the first has done its work"]);
  await inTurn(ROLE, { turns }, async () => void told.push("the third has its turn"), within);
  expect(told).toHaveLength(2);
});
