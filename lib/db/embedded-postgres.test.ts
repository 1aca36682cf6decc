import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";

let folder: string;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "daypass-postgres-"));
  await chmod(folder, 0o711);
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("what was committed is there after a stop and a start", async () => {
  const first = await start();
  await ask(first.url, "CREATE TABLE kept (word text)");
  await ask(first.url, "INSERT INTO kept VALUES ('here')");
  await first.stop();

  expect(await ask((await start()).url, "SELECT word FROM kept")).toEqual([{ word: "here" }]);
});

test("a server that dies comes back on the same address with what was committed", async () => {
  const server = await start({ fast: false });
  await ask(server.url, "CREATE TABLE kept (word text)");
  process.kill(await postmasterPid(), "SIGKILL");

  await expect
    .poll(() => ask(server.url, "SELECT count(*)::int AS n FROM kept").catch(() => null), patient)
    .toEqual([{ n: 0 }]);
});

test("a stop while the server comes back leaves none behind", async () => {
  const server = await start();
  const died = await postmasterPid();
  process.kill(died, "SIGKILL");
  // A stale lock file names us for a moment.
  await expect
    .poll(async () => [died, process.pid].includes(await postmasterPid().catch(() => died)), patient)
    .toBe(false);
  const next = await postmasterPid();
  await server.stop();
  expect(() => process.kill(next, 0)).toThrow("ESRCH");
});

test("a server that outlived its Daypass is stopped before another one starts", async () => {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, "embedded-postgres.ts"))});
    const { url } = await startEmbeddedPostgres(${JSON.stringify(folder)}, { fast: true });
    process.stdout.write(url, () => process.kill(process.pid, "SIGKILL"));`;
  const first = spawn(process.execPath, ["--input-type=module", "-e", program]);
  expect(await ask(await text(first.stdout), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  const outlived = await postmasterPid();

  const next = await start();

  expect(await postmasterPid()).not.toBe(outlived);
  expect(await ask(next.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a stale lock file that names a stranger's process neither stops the start nor the stranger", async () => {
  await (await start()).stop();
  const stranger = spawn("sleep", ["60"]);
  await writeFile(join(data(), "postmaster.pid"), `${stranger.pid}\n${data()}\n`);
  await writeFile(join(folder, "postgres/.s.PGSQL.5432.lock"), `${stranger.pid}\n${data()}\n`);

  const server = await start();

  expect(await ask(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(stranger.exitCode).toBe(null);
  stranger.kill();
  await once(stranger, "exit");
});

test("a half-made data folder is made anew", async () => {
  await mkdir(`${data()}.new/base`, { recursive: true });
  await mkdir(join(data(), "base"), { recursive: true });

  expect(await ask((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a folder whose path is too long for a socket will do", async () => {
  folder = join(folder, "long".repeat(25));
  await mkdir(folder, { mode: 0o711 });

  expect(await ask((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("nobody gets in without the password", async () => {
  const { url } = await start();
  await expect(ask(url.replace(/:[^:@]+@/, ":guess@"), "SELECT 1")).rejects.toThrow("password authentication failed");
});

test("upper and lower case are told apart in every alphabet", async () => {
  expect(await ask((await start()).url, "SELECT lower('ÉΣ') AS word")).toEqual([{ word: "éσ" }]);
});

const patient = { timeout: 15_000, interval: 50 };

async function start({ fast = true } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder, { fast });
  running.push(server);
  return server;
}

function data(): string {
  return join(folder, "postgres/data");
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(data(), "postmaster.pid"), "utf8")).split("\n")[0]);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
