import { mintTokenFor } from "../e2e/mint.ts";
import type { Company } from "./ask.ts";
import { fill } from "./fill.ts";
import { measureApprovals, measureEnding, measureRollback } from "./measure-grants.ts";
import { measureHttp } from "./measure-http.ts";
import { measureMemory, measurePages } from "./measure-pages.ts";
import { measureStart } from "./measure-start.ts";
import { openBenchStage, type BenchStage } from "./stage.ts";

const SIZE = { people: 1_000, groups: 200 };
const REQUESTS = 10_000;

const stage = await openBenchStage();
try {
  const company = await found(stage);
  for (const measure of [measureApprovals, measureEnding, measureRollback, measureHttp, measurePages]) {
    await stage.untilQuiet();
    await measure(company);
  }
  await measureMemory(company);
} finally {
  await stage.close();
}
await measureStart();

async function found(bench: BenchStage): Promise<Company> {
  await bench.seed(SIZE);
  console.log(`bench: filling in ${REQUESTS} requests`);
  const { db } = bench;
  const filled = await fill(db, { groups: SIZE.groups, requests: REQUESTS });
  const tokens = new Map<string, string>();
  for (const person of filled.people) tokens.set(person.id, await mintTokenFor(db, person.id));
  const ines = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  await db.person.update({ where: { id: ines.id }, data: { isAdmin: true } });
  tokens.set("admin", await mintTokenFor(db, ines.id));
  return { ...bench, filled, tokens };
}
