import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./machine.ts";
import { buildWeb, generateClient } from "./prepare.ts";

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number; numFailedTestSuites: number };

const log = (line: string) => console.log(`daypass: ${line}`);
const folder = await mkdtemp(join(tmpdir(), "daypass-report-"));
await generateClient(log);
await buildWeb(log);

let passed = 0;
let failed = 0;
for (const project of ["unit", "e2e"]) {
  const report = join(folder, `${project}.json`);
  const code = await vitest([
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const counted = await readFile(report, "utf8").then(
    (text) => JSON.parse(text) as Report,
    () => null,
  );
  passed += counted?.numPassedTests ?? 0;
  failed += counted?.numFailedTests ?? 0;
  // A file that could not be loaded holds no failed test, yet it failed.
  if (code !== 0 && (counted?.numFailedTests ?? 0) === 0) failed += 1;
}
await rm(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function vitest(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", ...args], { cwd: ROOT, stdio: "inherit" });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
