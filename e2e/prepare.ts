import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildWeb, generateClient } from "../scripts/prepare.ts";

/** Once for all stories, which are told at the same time. */
export default async function setup(): Promise<void> {
  const log = (line: string) => console.log(`daypass: ${line}`);
  await generateClient(log);
  await buildWeb(log);
  // The browser is unpacked at its first start, and of two that start at once the second would find half of it. In a
  // process of its own, because its libraries are found by variables that nobody else should have.
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "unpack-browser.ts")]);
}
