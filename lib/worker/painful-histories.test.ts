import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { PAINFUL } from "./testing/painful-histories.ts";
import { playHistory } from "./testing/play-history.ts";
import { openSimulatedDatabase, type SimulatedDatabase } from "./testing/simulated-database.ts";

let database: SimulatedDatabase;
let drop: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openSimulatedDatabase(fresh.url);
});
afterAll(async () => {
  await database.close();
  await drop();
});

test.each(Object.entries(PAINFUL))("%s", async (_name, history) => {
  const { broken, story } = await playHistory(history, database);
  expect(broken.length > 0 ? [...story, broken] : []).toEqual([]);
});
