import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../lib/db/embedded-postgres.ts";
import { migrate } from "../lib/db/migrate.ts";
import { seedsFrom, simulate, tellHistory } from "../lib/worker/testing/simulate.ts";
import { openSimulatedDatabase } from "../lib/worker/testing/simulated-database.ts";
import { generateClient } from "./prepare.ts";

/** `npm run sim -- --seed N --histories M`: plays M histories from seed N on, and tells the first that breaks a promise. */
const { values } = parseArgs({ options: { seed: { type: "string" }, histories: { type: "string" } } });
const first = wholeOr(values.seed, Date.now() % 2 ** 31);
const count = wholeOr(values.histories, 1_000);

await generateClient((line) => console.log(`daypass: ${line}`));
const folder = await mkdtemp(join(tmpdir(), "daypass-sim-"));
// Run by root, PostgreSQL's own user must reach it.
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres(folder, { fast: true });
let played = 0;
let isStopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isStopped = true));

try {
  await migrate(server.url);
  process.exitCode = (await play()) ? 0 : 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Gives whether every promise was kept. */
async function play(): Promise<boolean> {
  const database = await openSimulatedDatabase(server.url);
  console.log(`daypass: playing ${count} histories, seed ${first}`);
  const start = performance.now();
  const found = await simulate(seeds(), [database]);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  await database.close();
  if (found) console.log(`${tellHistory(found)}\n\nfound after ${found.played} of ${count} histories`);
  else console.log(`${played} histories in ${seconds} s, no promise broken`);
  return found === null;
}

/** Asked to stop, it ends with the history that it is at. */
function* seeds(): Iterable<number> {
  for (const seed of seedsFrom(first, count)) {
    if (isStopped) return;
    yield seed;
    played += 1;
  }
}

function wholeOr(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${text} is not a whole number`);
  return number;
}
