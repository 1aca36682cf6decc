import { expect, test } from "vitest";
import { LATENCY_HEADINGS, latencyRow, printTable } from "../bench/table.ts";
import { soak } from "./soak/soak.ts";

test("workers are killed, the database too, providers misbehave: 300 grants end, and nothing is left or lost", async () => {
  const seed = Date.now() % 2 ** 31;
  console.log(`soak: seed ${seed}`);
  const { lateness, ...found } = await soak({ seed, isEnough: (grants) => grants >= 300, log: () => undefined });
  printTable("From the end until proved gone", LATENCY_HEADINGS, [latencyRow({ name: "late", values: lateness })]);
  console.log(JSON.stringify(found.troubles));

  expect(found).toMatchObject({ open: 0, leftBehind: [], lost: [] });
  expect(found.grants).toBeGreaterThanOrEqual(300);
  expect(lateness.length).toBeGreaterThan(150);
  expect(found.troubles.workersKilled).toBeGreaterThan(3);
  expect(found.troubles.databaseRestarts).toBe(1);
});
