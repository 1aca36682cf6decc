import { parseArgs } from "node:util";
import { LATENCY_HEADINGS, latencyRow, printTable } from "../../bench/table.ts";
import { soak } from "./soak.ts";

/** `npm run soak -- --minutes N --seed S`: real processes under fire for N minutes, then a look at what is left. */
const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(minutes > 0)) throw new Error("--minutes is a positive number");

console.log(`soak: ${minutes} minutes, seed ${seed}`);
const { lateness, ...found } = await soak({
  seed,
  isEnough: (_grants, elapsedMs) => elapsedMs >= minutes * 60_000,
  log: (line) => console.log(`soak: ${line}`),
});
printTable("From the end until proved gone", LATENCY_HEADINGS, [latencyRow({ name: "late", values: lateness })]);
console.log(JSON.stringify(found, null, 2));
process.exitCode = found.open + found.leftBehind.length + found.lost.length > 0 ? 1 : 0;
