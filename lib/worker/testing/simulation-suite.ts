import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import { openSimulatedDatabase, type SimulatedDatabase } from "./simulated-database.ts";
import { seedsFrom, simulate, tellHistory } from "./simulate.ts";

const HISTORIES = 2_000;
const CI_SEED = 223_467_057;
/** One waits for PostgreSQL most of the time. */
const AT_ONCE = 2;

/** One part of all histories, so that every core has some. Continuous integration says the same thing twice. */
export function simulationPart(part: number, { of: parts, ci }: { of: number; ci: boolean }): void {
  const histories = HISTORIES / parts;
  const seed = (ci ? CI_SEED : Date.now() % 2 ** 31) + part * histories;
  const databases: SimulatedDatabase[] = [];
  const drops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    for (let n = 0; n < AT_ONCE; n += 1) {
      const { url, drop } = await freshDatabase();
      drops.push(drop);
      databases.push(await openSimulatedDatabase(url));
    }
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    for (const drop of drops) await drop();
  });

  test(
    `whatever happens, no promise is broken (${histories} of ${HISTORIES} histories)`,
    { timeout: 15 * 60_000 },
    async () => {
      console.log(`simulation: npm run sim -- --seed ${seed} --histories ${histories}`);
      const found = await simulate(seedsFrom(seed, histories), databases);
      expect(found && tellHistory(found)).toBeNull();
    },
  );
}
