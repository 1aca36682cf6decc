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
const first = Number(values.seed ?? Date.now() % 2 ** 31);
const count = Number(values.histories ?? 1_000);

await generateClient((line) => console.log(`daypass: ${line}`));
const folder = await mkdtemp(join(tmpdir(), "daypass-sim-"));
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres(folder, { fast: true });
await migrate(server.url);
const database = await openSimulatedDatabase(server.url);

console.log(`daypass: playing ${count} histories, seed ${first}`);
const start = performance.now();
const found = await simulate(seedsFrom(first, count), database);
const seconds = (performance.now() - start) / 1_000;
if (found) console.log(`${tellHistory(found)}\n\nfound after ${found.played} of ${count} histories`);
else console.log(`${count} histories in ${seconds.toFixed(1)} s, no promise broken`);

await database.close();
await server.stop();
await rm(folder, { recursive: true, force: true });
process.exitCode = found ? 1 : 0;
