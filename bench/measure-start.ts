import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../e2e/daypass.ts";
import { printTable } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");

/** `npm start` from nothing but installed packages, and again: until it says where to go. */
export async function measureStart(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "daypass-start-"));
  await rm(join(ROOT, ".next"), { recursive: true, force: true });
  const cold = await timeStart(data);
  const warm = await timeStart(data);
  await rm(data, { recursive: true, force: true });
  printTable(
    "npm start, packages installed",
    ["start", "seconds", "aim"],
    [
      ["first: makes the database and builds the pages", cold.toFixed(1), ""],
      ["again", warm.toFixed(1), "< 10"],
    ],
  );
}

async function timeStart(data: string): Promise<number> {
  const env = {
    ...process.env,
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    SANDBOX_MAIL_PORT: String(await freePort()),
    DAYPASS_DATA: data,
  };
  const start = performance.now();
  const child = spawn("npm", ["start", "--silent"], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  const seconds = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Ctrl-C")) resolve((performance.now() - start) / 1_000);
    });
    child.on("exit", (code) => reject(new Error(`npm start ended with ${code ?? "a signal"}`)));
  });
  const ended = new Promise((resolve) => child.removeAllListeners("exit").on("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  return seconds;
}
