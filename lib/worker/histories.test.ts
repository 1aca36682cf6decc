import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { openDb, type Db } from "../db/client.ts";
import { startWorld, type World } from "./testing/history-world.ts";
import { type Command, playHistory } from "./testing/play-history.ts";

/** Set HISTORIES and SEED to run more, or one printed seed again. Continuous integration says the same thing twice. */
const HISTORIES = Number(process.env.HISTORIES ?? 500);
const CI_SEED = 223_467_057;
const SEED = Number(process.env.SEED ?? (process.env.CI ? CI_SEED : Date.now() % 2 ** 31));

let world: World;
let db: Db;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  db = openDb(database.url, { max: 20 });
  drop = database.drop;
  world = await startWorld(db);
}, 60_000);

afterAll(async () => {
  await world.close();
  await db.$disconnect();
  await drop();
});

const who = fc.constantFrom(0, 1);
const role = fc.constantFrom(0, 1, 2);
const place = fc.constantFrom(0, 1, 2, 3);
const pick = fc.nat({ max: 5 });

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("grant"), who, role, minutes: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("revoke"), pick }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait"), minutes: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait"), minutes: fc.constant(26 * 60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("hand-remove"), who, place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hand-extend"), who, place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("narrow"), role }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("fault"),
      fault: fc.constantFrom("lost-before", "lost-after", "busy", "down", "stale"),
      calls: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("crash"), after: fc.integer({ min: 1, max: 40 }) }) },
);

const history = fc.record({
  standing: fc.array(fc.record({ who, place, level: fc.constantFrom("guest", "developer", "owner") }), {
    maxLength: 3,
  }),
  commands: fc.array(command, { minLength: 3, maxLength: 12 }),
});

test(
  `whatever happens, the providers end up holding exactly what is wanted (${HISTORIES} histories)`,
  { timeout: 15 * 60_000 },
  async () => {
    console.log(`random histories: SEED=${SEED} HISTORIES=${HISTORIES}`);
    await fc.assert(
      fc.asyncProperty(history, async ({ standing, commands }) => {
        const broken = await playHistory(world, standing, commands);
        expect(broken).toEqual([]);
      }),
      { numRuns: HISTORIES, seed: SEED, endOnFailure: process.env.SHRINK === undefined },
    );
  },
);
