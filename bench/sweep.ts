import { setTimeout as pause } from "node:timers/promises";
import { v7 as newId } from "uuid";
import { openDb } from "../lib/db/client.ts";
import type { AccessProvider } from "../lib/providers/provider.ts";
import type { Deps } from "../lib/worker/deps.ts";
import { sweepAll } from "../lib/worker/sweep.ts";

/**
 * The slow sweep over everything that is stale, in a process that does nothing else, so that its memory is the sweep's. The
 * provider answers at once. Prints one line of JSON: how many it looked at, in how many seconds, and its peak in MiB.
 */
const db = openDb(process.env.DATABASE_URL ?? "", { max: 20 });
const provider: Partial<AccessProvider> = {
  observe: () => Promise.resolve({ state: "absent" }),
  backstop: () => null,
  rateLimit: () => null,
};
const deps: Deps = {
  db,
  turns: db,
  workerId: newId(),
  pause: (ms) => pause(ms),
  providerNamed: () => provider as AccessProvider,
};

const start = performance.now();
let looked = 0;
for (let more = -1; more !== 0; looked += more) more = await sweepAll(deps, { olderThanMs: 5 * 60_000, most: 500 });
const seconds = (performance.now() - start) / 1_000;
await db.$disconnect();
console.log(JSON.stringify({ looked, seconds, peakMiB: process.resourceUsage().maxRSS / 1_024 }));
