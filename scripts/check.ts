import { spawnSync } from "node:child_process";
import { ROOT } from "./machine.ts";
import { generateClient } from "./prepare.ts";

/** Lint, types, format and dead code. All of them run, whatever the others say. */
const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ["lint", "node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."],
  ["types", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "."],
  ["format", "node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."],
  ["dead code", "node_modules/knip/bin/knip.js"],
];

await generateClient((line) => console.log(`daypass: ${line}`));
const failed = CHECKS.filter(([name, ...command]) => {
  const { status } = spawnSync(process.execPath, command, { cwd: ROOT, stdio: "inherit" });
  console.log(`daypass: ${name} ${status === 0 ? "is fine" : "failed"}`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
