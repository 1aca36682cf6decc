import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configurationFrom, type Configuration } from "../lib/configuration.ts";
import { startChild, type Child } from "./child.ts";
import { claimFolder } from "./claim-folder.ts";
import { ROOT } from "./machine.ts";
import { claimPort } from "./ports.ts";
import { buildWeb, generateClient } from "./prepare.ts";
import { prepareDatabase, startDatabase } from "./start-database.ts";
import { untilAnswering } from "./until-answering.ts";

export type Running = {
  readonly url: string;
  readonly sandboxUrl: string | null;
  /** As the owner of the tables, who may do more than Daypass's processes. */
  readonly databaseUrl: string;
  readonly children: readonly Child[];
  /** Starts one more worker; any number of them share the database. */
  startWorker(): Child;
  stop(): Promise<void>;
};

/**
 * The worker keeps some 50 MiB. V8 lets garbage grow to four times what is kept where it may use gigabytes, and to less than
 * twice that below this limit.
 */
const WORKER_MEMORY = ["--max-old-space-size=1024", "--max-semi-space-size=8"];

type Options = { readonly log: (line: string) => void; readonly dev?: boolean; readonly signal?: AbortSignal };
type Undo = (() => Promise<unknown>)[];

/**
 * Brings up a whole Daypass: database, sandbox where nothing real is configured, worker and web. What was started is
 * stopped again, last first, when a later step fails or `signal` says so. `dev` serves pages with hot reload.
 */
export async function daypassUp(
  source: Readonly<Record<string, string | undefined>>,
  { log, dev = false, signal = new AbortController().signal }: Options,
): Promise<Running> {
  const configuration = configurationFrom(source, ROOT);
  await claimPort(configuration.port, "PORT");
  if (configuration.sandbox) {
    await claimPort(configuration.sandboxPort, "SANDBOX_PORT");
    await claimPort(configuration.sandboxMailPort, "SANDBOX_MAIL_PORT");
    if (configuration.sandboxSyslogPort) await claimPort(configuration.sandboxSyslogPort, "SANDBOX_SYSLOG_PORT");
  }

  const undo: Undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(await claimFolder(configuration.dataFolder));
    await generateClient(log, signal);
    const database = await startDatabase(configuration, log);
    undo.push(() => database.stop());
    signal.throwIfAborted();

    const sandboxUrl = configuration.sandbox ? await startSandbox(configuration, undo, log, signal) : null;
    await prepareDatabase(configuration, database.url);
    if (!dev) await buildWeb(log, signal);
    signal.throwIfAborted();

    log("starting the worker and the pages");
    const { children, startWorker } = await startProcesses(configuration, database.url, dev, undo);
    await untilReady(configuration, children, log, signal);
    return { url: configuration.publicUrl, sandboxUrl, databaseUrl: database.ownerUrl, children, startWorker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSandbox(
  { sandboxPort, sandboxMailPort, sandboxSyslogPort, publicUrl }: Configuration,
  undo: Undo,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  log("starting the sandbox");
  const url = `http://localhost:${sandboxPort}`;
  const variables = {
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_MAIL_PORT: String(sandboxMailPort),
    ...(sandboxSyslogPort ? { SANDBOX_SYSLOG_PORT: String(sandboxSyslogPort) } : {}),
    PUBLIC_URL: publicUrl,
  };
  const child = startChild("the sandbox", ["sandbox/main.ts"], variables);
  undo.push(() => child.stop());
  const missing = await untilAnswering(`${url}/_state`, [child], signal);
  if (missing) throw new Error(`the sandbox did not answer in time: ${missing}`);
  return url;
}

/** They start together. The worker stops after the web process, so that what people still ask for is seen. */
async function startProcesses(
  configuration: Configuration,
  databaseUrl: string,
  dev: boolean,
  undo: Undo,
): Promise<Pick<Running, "children" | "startWorker">> {
  const database = { DATABASE_URL: databaseUrl };
  const { dataFolder } = configuration;
  const secret = configuration.sessionSecret ?? (await keptSecret(dataFolder, "session-secret"));
  const signingKey = configuration.signingKey ?? (await keptSecret(dataFolder, "signing-key"));
  const startWorker = () => {
    const own = { ...configuration.workerVariables, ...database, SIGNING_KEY: signingKey };
    const worker = startChild("the worker", [...WORKER_MEMORY, "lib/worker/main.ts"], own);
    undo.push(() => worker.stop());
    return worker;
  };
  const worker = startWorker();

  const host = configuration.sandbox ? ["-H", "localhost"] : [];
  const next = ["node_modules/next/dist/bin/next", dev ? "dev" : "start", "-p", String(configuration.port), ...host];
  const variables = {
    ...configuration.webVariables,
    ...database,
    SESSION_SECRET: secret,
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const web = startChild("the web process", next, { ...variables, ...(dev ? { NODE_ENV: "development" } : {}) });
  undo.push(() => web.stop());
  return { children: [worker, web], startWorker };
}

/** 32 random bytes that are made at the first start. */
async function keptSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
  await chmod(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}

async function untilReady(
  { port, sandbox }: Configuration,
  children: readonly Child[],
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const missing = await untilAnswering(`http://localhost:${port}/api/health/ready`, children, signal);
  if (!missing) return;
  if (sandbox) throw new Error(`Daypass did not get ready in time: ${missing}`);
  // A provider that is away must not keep the history and the removals from being shown.
  log(`up, but not ready yet (${missing}); it goes on by itself`);
}
