import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./machine.ts";
import { buildWeb, generateClient } from "./prepare.ts";

type Count = { readonly passed: number; readonly failed: number };

/** Rules, rows and providers first, in parallel; then people in a browser, one story at a time. */
const PROJECTS = ["unit", "e2e"];
const NOTHING: Count = { passed: 0, failed: 0 };

const log = (line: string) => console.log(`daypass: ${line}`);

const total = await testAll();
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function testAll(): Promise<Count> {
  const reports = await mkdtemp(join(tmpdir(), "daypass-report-"));
  try {
    await generateClient(log);
    await buildWeb(log);
    let sum = NOTHING;
    for (const project of PROJECTS) {
      const { passed, failed } = await testProject(project, join(reports, `${project}.json`));
      sum = { passed: sum.passed + passed, failed: sum.failed + failed };
    }
    return sum;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { ...NOTHING, failed: 1 };
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

async function testProject(project: string, report: string): Promise<Count> {
  log(`testing (${project})`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters];
  const vitest = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  const passOn = () => vitest.kill("SIGTERM");
  process.on("SIGTERM", passOn);
  const [code] = (await once(vitest, "exit")) as [number | null];
  process.off("SIGTERM", passOn);

  const { passed, failed } = await countIn(report);
  // A file that could not be loaded and an error outside of every test hold no failed test, yet something failed.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function countIn(report: string): Promise<Count> {
  const text = await readFile(report, "utf8").catch(() => null);
  if (text === null) return NOTHING;
  const counted = JSON.parse(text) as { numPassedTests: number; numFailedTests: number };
  return { passed: counted.numPassedTests, failed: counted.numFailedTests };
}
