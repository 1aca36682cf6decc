import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startChild } from "./child.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "daypass-child-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a process gets the machine's variables and the named ones, and no other", async () => {
  process.env.GITLAB_TOKEN = "glpat-of-the-launcher";
  const file = join(folder, "environment");
  const write = `require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env))`;
  const child = startChild("a process", ["-e", `${write}; setInterval(() => {}, 1000)`], { PUBLIC_URL: "http://x" });
  const environment = await eventually(async () => JSON.parse(await readFile(file, "utf8")) as Record<string, string>);
  await child.stop();
  delete process.env.GITLAB_TOKEN;

  expect(environment).toMatchObject({ PATH: process.env.PATH, PUBLIC_URL: "http://x" });
  expect(environment).not.toHaveProperty("GITLAB_TOKEN");
});

test("a process that dies is started again", async () => {
  const child = startChild("a process", ["-e", "setInterval(() => {}, 1000)"], {});
  const first = child.pid();
  process.kill(first!, "SIGKILL");

  await expect.poll(() => child.deaths(), patient).toBe(1);
  await expect.poll(() => child.pid(), patient).not.toBe(first);
  await child.stop();
});

test("a process that ignores being asked is killed", async () => {
  const file = join(folder, "deaf");
  const write = `require("node:fs").writeFileSync(${JSON.stringify(file)}, "1")`;
  const deaf = ["-e", `process.on("SIGTERM", () => {}); ${write}; setInterval(() => {}, 1000)`];
  const child = startChild("a process", deaf, {}, { stopWithinMs: 50 });
  await eventually(() => readFile(file));
  const pid = child.pid();
  await child.stop();

  expect(() => process.kill(pid!, 0)).toThrow("ESRCH");
});

test("nothing outlives a launcher that is killed", async () => {
  const file = join(folder, "pid");
  const writePid = `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid))`;
  const program = `
    const { startChild } = await import(${JSON.stringify(join(import.meta.dirname, "child.ts"))});
    startChild("a process", ["-e", ${JSON.stringify(`${writePid}; setInterval(() => {}, 1000)`)}], {});`;
  const launcher = startChild("a launcher", ["--input-type=module", "-e", program], {});
  const orphan = Number(
    await eventually(() => readFile(file, "utf8").then((text) => text || Promise.reject(new Error()))),
  );
  process.kill(launcher.pid()!, "SIGKILL");
  await launcher.stop();

  await expect.poll(() => isRunning(orphan), patient).toBe(false);
});

const patient = { timeout: 10_000, interval: 50 };

async function eventually<T>(look: () => Promise<T>): Promise<T> {
  let found: T | undefined;
  await expect.poll(async () => (found = await look().catch(() => undefined)), patient).toBeDefined();
  return found!;
}

/** A process that ended counts as gone even while nobody has collected it. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
}
