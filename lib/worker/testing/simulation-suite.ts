import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import { openSimulatedDatabase, type SimulatedDatabase } from "./simulated-database.ts";
import { seedsFrom, simulate, tellHistory } from "./simulate.ts";

const HISTORIES = 2_000;
const CI_SEED = 223_467_057;

/** One part of all histories, so that every core has some. Continuous integration says the same thing twice. */
export function simulationPart(part: number, { of: parts, ci }: { of: number; ci: boolean }): void {
  const histories = HISTORIES / parts;
  const seed = (ci ? CI_SEED : Date.now() % 2 ** 31) + part * histories;
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

  test(
    `whatever happens, no promise is broken (${histories} of ${HISTORIES} histories)`,
    { timeout: 15 * 60_000 },
    async () => {
      console.log(`simulation: npm run sim -- --seed ${seed} --histories ${histories}`);
      const found = await simulate(seedsFrom(seed, histories), database);
      expect(found && tellHistory(found)).toBeNull();
    },
  );
}
