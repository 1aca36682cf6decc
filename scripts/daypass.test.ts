import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "./machine.ts";

async function lastWords(...args: readonly string[]): Promise<string> {
  const ended = promisify(execFile)(process.execPath, ["scripts/daypass.ts", ...args], { cwd: ROOT });
  return ended.then(
    () => "",
    (error: unknown) => (error as { stderr: string }).stderr,
  );
}

test.each([
  ["a dash", `-${"A".repeat(42)}`],
  ["two dashes", `--${"A".repeat(41)}`],
])("a public key that begins with %s is a key", async (_name, key) => {
  expect(await lastWords("verify", "nothing.jsonl", "--key", key)).toMatch(/no such file.*nothing\.jsonl/);
  expect(await lastWords("verify", "nothing.jsonl", "--key", key, "--key", key)).toMatch(
    /no such file.*nothing\.jsonl/,
  );
});

test("what is no key stays an option", async () => {
  expect(await lastWords("verify", "nothing.jsonl", "--key", "--held")).toContain("ambiguous");
});
