import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startEmbeddedPostgres } from "../lib/db/embedded-postgres.ts";
import { migrate } from "../lib/db/migrate.ts";
import { configurationFrom, type Configuration } from "../lib/env.ts";
import { startChild, type Child } from "./child.ts";
import { claimPort } from "./ports.ts";
import { ROOT, buildWeb, generateClient } from "./prepare.ts";

const READY_WITHIN_MS = 60_000;

export type Running = {
  readonly url: string;
  readonly sandboxUrl: string | null;
  readonly databaseUrl: string;
  readonly children: readonly Child[];
  stop(): Promise<void>;
};

/**
 * Brings up a whole Daypass: database, sandbox where nothing real is configured, worker and web. What was started is
 * stopped again when a later step fails. `dev` serves pages with hot reload.
 */
export async function daypassUp(
  source: Readonly<Record<string, string | undefined>>,
  { log, dev = false }: { log: (line: string) => void; dev?: boolean },
): Promise<Running> {
  const configuration = configurationFrom(source, ROOT);
  await claimPort(configuration.port, "PORT");
  if (configuration.sandbox) await claimPort(configuration.sandboxPort, "SANDBOX_PORT");
  await mkdir(configuration.dataFolder, { recursive: true });

  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await generateClient(log);
    const databaseUrl = await startDatabase(configuration, undo, log);
    const sandboxUrl = configuration.sandbox ? await startSandbox(configuration, undo, log) : null;
    await prepareDatabase(configuration, databaseUrl);
    if (!dev) await buildWeb(log);
    const children = await startProcesses(configuration, databaseUrl, dev, undo, log);
    const url = configuration.webVariables.PUBLIC_URL ?? "";
    await untilReady(configuration.port);
    return { url, sandboxUrl, databaseUrl, children, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (() => Promise<unknown>)[];
type Log = (line: string) => void;

async function startDatabase(configuration: Configuration, undo: Undo, log: Log): Promise<string> {
  if (configuration.databaseUrl) {
    await migrate(configuration.databaseUrl);
    return configuration.databaseUrl;
  }
  log("starting PostgreSQL");
  const server = await startEmbeddedPostgres(configuration.dataFolder, { log });
  const note = join(configuration.dataFolder, "database-url");
  undo.push(
    () => server.stop(),
    () => rm(note, { force: true }),
  );
  await writeFile(note, server.url, { mode: 0o600 });
  await migrate(server.url);
  return server.url;
}

async function startSandbox(configuration: Configuration, undo: Undo, log: Log): Promise<string> {
  log("starting the sandbox");
  const url = `http://localhost:${configuration.sandboxPort}`;
  const child = startChild("the sandbox", ["sandbox/main.ts"], {
    SANDBOX_PORT: String(configuration.sandboxPort),
    PUBLIC_URL: configuration.webVariables.PUBLIC_URL ?? "",
  });
  undo.push(() => child.stop());
  await untilAnswering(`${url}/_state`);
  return url;
}

/** The client exists only after it was generated, so what uses it is loaded here. */
async function prepareDatabase(configuration: Configuration, databaseUrl: string): Promise<void> {
  const { openDb } = await import("../lib/db/client.ts");
  const db = openDb(databaseUrl, { max: 2 });
  try {
    if (configuration.sandbox) {
      const { seed } = await import("../prisma/seed.ts");
      await seed(db);
      return;
    }
    const moved = await db.clock.findFirst({ where: { offsetMs: { not: 0 } } });
    if (moved) throw new Error("this database's clock was moved for tests (table clock); it cannot be used for real");
  } finally {
    await db.$disconnect();
  }
}

async function startProcesses(
  configuration: Configuration,
  databaseUrl: string,
  dev: boolean,
  undo: Undo,
  log: Log,
): Promise<Child[]> {
  log("starting the worker and the pages");
  const database = { DATABASE_URL: databaseUrl };
  const worker = startChild("the worker", ["lib/worker/main.ts"], { ...configuration.workerVariables, ...database });
  undo.push(() => worker.stop());
  const secret = configuration.sessionSecret ?? (await keptSecret(configuration.dataFolder));
  const host = configuration.sandbox ? ["-H", "localhost"] : [];
  const next = ["node_modules/next/dist/bin/next", dev ? "dev" : "start", "-p", String(configuration.port), ...host];
  const web = startChild("the web process", next, {
    ...configuration.webVariables,
    ...database,
    SESSION_SECRET: secret,
    NEXT_TELEMETRY_DISABLED: "1",
    ...(dev ? { NODE_ENV: "development" } : {}),
  });
  undo.push(() => web.stop());
  return [worker, web];
}

async function keptSecret(folder: string): Promise<string> {
  const file = join(folder, "session-secret");
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
  await chmod(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}

async function untilReady(port: number): Promise<void> {
  await untilAnswering(`http://localhost:${port}/api/health/ready`);
}

async function untilAnswering(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > until)
      throw new Error(
        `${url} did not answer in time${answer ? `: ${answer.status} ${(await answer.text()).slice(0, 500)}` : ""}`,
      );
    await pause(150);
  }
}
