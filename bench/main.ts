import { foundCompany } from "./found-company.ts";
import { measureApprovals, measureEnding } from "./measure-grants.ts";
import { measureHttp } from "./measure-http.ts";
import { measureMemory, measurePages } from "./measure-pages.ts";
import { measureRollback } from "./measure-rollback.ts";
import { measureStart } from "./measure-start.ts";
import { openBenchStage } from "./stage.ts";
import { endEverything } from "./watch.ts";

const SIZE = { people: 1_000, groups: 200, requests: 10_000 };

const stage = await openBenchStage();
try {
  const company = await foundCompany(stage, SIZE);
  const rollback: typeof measureEnding = async (of) => {
    await measureRollback(of, 50, 500);
    await endEverything(of);
  };
  for (const measure of [measureApprovals, measureEnding, rollback, measureHttp, measurePages]) {
    await stage.untilQuiet();
    await measure(company);
  }
  await measureMemory(company);
} finally {
  await stage.close();
}
await measureStart();
