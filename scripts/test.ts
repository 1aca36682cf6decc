import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ROOT } from "./machine.ts";
import { generateClient } from "./prepare.ts";

/** `failures` says in words what failed. */
type Result = { readonly passed: number; readonly failures: readonly string[] };

/** The part of vitest's report that is read here. */
type Report = {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
};

/** Rules, rows and providers first, in parallel; then people in a browser, one story at a time. */
const PROJECTS = ["unit", "e2e"];

const log = (line: string) => console.log(`daypass: ${line}`);

const results = await testAll();
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failures = results.flatMap((result) => result.failures);
for (const failure of failures) log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 && passed > 0 ? 0 : 1);

async function testAll(): Promise<readonly Result[]> {
  const reports = await mkdtemp(join(tmpdir(), "daypass-report-"));
  try {
    await generateClient(log);
    const results: Result[] = [];
    for (const project of PROJECTS) results.push(await testProject(project, join(reports, `${project}.json`)));
    return results;
  } catch (error) {
    return [{ passed: 0, failures: [error instanceof Error ? error.message : String(error)] }];
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

async function testProject(project: string, report: string): Promise<Result> {
  log(`testing (${project})`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters];
  const vitest = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  const passOn = () => vitest.kill("SIGTERM");
  process.on("SIGTERM", passOn);
  const [code] = (await once(vitest, "exit")) as [number | null];
  process.off("SIGTERM", passOn);

  const result = await readReport(report);
  // An error outside of every test is in no report, yet something failed.
  if (code === 0 || result.failures.length > 0) return result;
  return { ...result, failures: [`${project}: vitest ended with ${code ?? "a signal"}; its output says why`] };
}

async function readReport(path: string): Promise<Result> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return { passed: 0, failures: [] };
  const { numPassedTests, testResults } = JSON.parse(text) as Report;
  return { passed: numPassedTests, failures: testResults.flatMap(failuresIn) };
}

function failuresIn({ name, message, assertionResults }: Report["testResults"][number]): string[] {
  const file = relative(ROOT, name);
  const failed = assertionResults.filter(({ status }) => status === "failed");
  const inTests = failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages?.[0] ?? ""}`);
  // A file that could not be loaded holds no failed test.
  return message === "" || inTests.length > 0 ? inTests : [`${file}: ${message}`];
}
