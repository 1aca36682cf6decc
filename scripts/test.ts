import { relative } from "node:path";
import { inspect } from "node:util";
import { startVitest, type Reporter, type TestModule } from "vitest/node";
import { ROOT } from "./machine.ts";
import { generateClient } from "./prepare.ts";

/** `failures` says in words what failed. */
type Result = { readonly passed: number; readonly failures: readonly string[] };

/** Rules, rows and providers first, in parallel; then people in a browser, two stories at a time. */
const PROJECTS = ["unit", "e2e"];

const log = (line: string) => console.log(`daypass: ${line}`);

const results = await testAll();
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failures = results.flatMap((result) => result.failures);
for (const failure of failures) log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 && passed > 0 ? 0 : 1);

async function testAll(): Promise<readonly Result[]> {
  const results: Result[] = [];
  try {
    await generateClient(log);
    for (const project of PROJECTS) results.push(await testProject(project));
  } catch (error) {
    results.push({ passed: 0, failures: [wordsOf(error)] });
  }
  return results;
}

async function testProject(project: string): Promise<Result> {
  log(`testing (${project})`);
  let result: Result | undefined;
  const counter: Reporter = {
    onTestRunEnd(modules, errors, reason) {
      const failures = modules.flatMap(failuresIn);
      // An error outside of every test fails the run too: it may be a fault that no test waited for.
      failures.push(...errors.map((error) => `${project}, outside of every test: ${wordsOf(error)}`));
      if (reason === "interrupted") failures.push(`${project}: interrupted`);
      result = { passed: modules.reduce((sum, module) => sum + passedIn(module), 0), failures };
    },
  };
  const vitest = await startVitest([], { run: true, project, reporters: ["default", counter] });
  await vitest.close();
  // What stops after the tests, as PostgreSQL does, can fail without a word to the reporter.
  const isSilent = Boolean(process.exitCode) && !result?.failures.length;
  process.exitCode = 0;
  if (result && !isSilent) return result;
  return { passed: result?.passed ?? 0, failures: [`${project}: vitest failed; its output says why`] };
}

function passedIn(module: TestModule): number {
  return [...module.children.allTests("passed")].length;
}

function failuresIn(module: TestModule): string[] {
  const file = relative(ROOT, module.moduleId);
  const failed = [...module.children.allTests("failed")];
  const inTests = failed.map(
    (test) => `${file}: ${test.fullName}\n${test.result().errors?.map(wordsOf).join("\n") ?? ""}`,
  );
  // A file or a hook that fails holds no failed test.
  return [...inTests, ...module.errors().map((error) => `${file}: ${wordsOf(error)}`)];
}

/** What vitest hands over from another process is shaped like an error and is none. */
function wordsOf(error: unknown): string {
  const { stack } = (error ?? {}) as { stack?: unknown };
  return typeof stack === "string" ? stack : inspect(error);
}
