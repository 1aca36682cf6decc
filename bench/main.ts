import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import autocannon from "autocannon";
import { listen } from "../lib/db/listen.ts";
import { openDb, type Db } from "../lib/db/client.ts";
import { mintSessionFor, mintTokenFor } from "../e2e/mint.ts";
import { freePort } from "../e2e/daypass.ts";
import { daypassUp, type Running } from "../scripts/daypass-up.ts";

import { fill, type Filled } from "./fill.ts";
import { LATENCY_HEADINGS, latencyRow, percentile, printTable } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const PEOPLE = 1_000;
const GROUPS = 200;
const REQUESTS = 10_000;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);

type Bench = { db: Db; running: Running; filled: Filled; tokens: Map<string, string>; sandbox: string };

const folder = await mkdtemp(join(tmpdir(), "daypass-bench-"));
const source = {
  PORT: String(await freePort()),
  SANDBOX_PORT: String(await freePort()),
  SANDBOX_MAIL_PORT: String(await freePort()),
  DAYPASS_DATA: folder,
  LOG_LEVEL: "warn",
};
console.log(
  `machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
console.log("the load, the sandbox, PostgreSQL, the worker and the web process share these cores");

const running = await daypassUp(source, { log: (line) => console.log(`bench: ${line}`) });
const db = openDb(running.databaseUrl, { max: 8 });
try {
  const bench = await prepare();
  await measureApprovals(bench);
  await measureEnding(bench);
  await measureRollback(bench);
  await measureHttp(bench);
  await measurePages(bench);
  await measureMemory(bench);
} finally {
  await db.$disconnect();
  await running.stop();
  await rm(folder, { recursive: true, force: true });
}
await measureStart();

async function prepare(): Promise<Bench> {
  const sandbox = running.sandboxUrl ?? "";
  const headers = { "content-type": "application/json" };
  await fetch(`${sandbox}/_seed`, {
    method: "POST",
    headers,
    body: JSON.stringify({ people: PEOPLE, groups: GROUPS }),
  });
  console.log("bench: waiting for the directory to list everybody");
  for (let accounts = 0; accounts < 2 * PEOPLE;) {
    await pause(500);
    accounts = await db.providerAccount.count({ where: { username: { startsWith: "person" } } });
  }
  console.log(`bench: filling in ${REQUESTS} requests`);
  const filled = await fill(db, { groups: GROUPS, requests: REQUESTS });
  const tokens = new Map<string, string>();
  for (const person of filled.people) tokens.set(person.id, await mintTokenFor(db, person.id));
  const ines = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  await db.person.update({ where: { id: ines.id }, data: { isAdmin: true } });
  tokens.set("admin", await mintTokenFor(db, ines.id));
  return { db, running, filled, tokens, sandbox };
}

/** Resolves with the time of each grant's change of this kind, in milliseconds on this process's clock. */
async function watch(kind: string, count: number): Promise<{ done: Promise<Map<string, number>> }> {
  const at = new Map<string, number>();
  let finish: (times: Map<string, number>) => void = () => undefined;
  const all = new Promise<Map<string, number>>((resolve) => (finish = resolve));
  const listener = await listen(running.databaseUrl, ["daypass_change"], (_channel, payload) => {
    const notice = JSON.parse(payload) as { kind: string; grantId: string | null };
    if (notice.kind !== kind || !notice.grantId) return;
    at.set(notice.grantId, performance.now());
    if (at.size === count) finish(at);
  });
  return { done: all.finally(() => void listener.close()) };
}

async function api<T>(token: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${running.url}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** One waiting request each for `count` people, on roles in turn from `firstRole`. */
async function askFor(
  { filled, tokens }: Bench,
  count: number,
  firstPerson: number,
  minutes = 60,
  roles = filled.roles.length,
) {
  const asked: { id: string; ownerToken: string }[] = [];
  for (let n = 0; n < count; n += 1) {
    const person = filled.people[firstPerson + n];
    const role = filled.roles[n % roles];
    if (!person || !role) throw new Error("not enough people");
    const body = { role: role.slug, minutes, justification: "bench" };
    const { id } = await api<{ id: string }>(tokens.get(person.id) ?? "", "/requests", body);
    asked.push({ id, ownerToken: tokens.get(role.ownerId) ?? "" });
  }
  return asked;
}

/** One approval after the other: from sending it until the worker had read both providers back. */
async function measureApprovals(bench: Bench): Promise<void> {
  const asked = await askFor(bench, 100, 100);
  const answered: number[] = [];
  const seen: number[] = [];
  for (const { id, ownerToken } of asked) {
    const active = await watch("grant.active", 1);
    const start = performance.now();
    await api(ownerToken, `/requests/${id}/approve`, {});
    answered.push(performance.now() - start);
    const [at] = (await active.done).values();
    seen.push((at ?? Number.NaN) - start);
  }
  printTable("Approve, one at a time", LATENCY_HEADINGS, [
    latencyRow({ name: "approve → answered", values: answered }),
    latencyRow({ name: "approve → seen at both providers", values: seen, aim: "p95 < 300" }),
  ]);
  await endEverything();
}

/** Two hundred grants whose end is the same moment: from that moment until each was proved gone. */
async function measureEnding(bench: Bench): Promise<void> {
  const asked = await askFor(bench, 200, 250);
  const active = await watch("grant.active", asked.length);
  for (const { id, ownerToken } of asked) await api(ownerToken, `/requests/${id}/approve`, {});
  await active.done;
  const ended = await watch("grant.ended", asked.length);
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 61 * 60000`;
  const start = performance.now();
  const at = await ended.done;
  printTable("End", LATENCY_HEADINGS, [
    latencyRow({
      name: "end → proved gone, 200 at once",
      values: [...at.values()].map((time) => time - start),
      aim: "p95 < 2000",
    }),
  ]);
}

/** A role that 50 people hold is rolled back: from the click until all lost what the older version does not give. */
async function measureRollback(bench: Bench): Promise<void> {
  const role = bench.filled.roles[0];
  const admin = bench.tokens.get("admin") ?? "";
  if (!role) return;
  const spec = {
    name: "Bench",
    ownerGroup: "bench/0001",
    requesterGroup: "bench/0001",
    maxMinutes: 480,
    decideWithinMinutes: 10_080,
    entitlements: [
      { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/bench-0001", level: "maintainer" },
    ],
  };
  const put = async (version: number, entitlements: object[]) => {
    const answer = await fetch(`${running.url}/api/v1/roles/${role.slug}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json", "if-match": `"${version}"` },
      body: JSON.stringify({ reason: "bench", spec: { ...spec, entitlements } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await put(1, spec.entitlements);
  await put(2, [
    ...spec.entitlements,
    { connection: "aws", kind: "aws-iam-group", target: "bench-0001", level: "member" },
  ]);
  const asked = await askFor(bench, 50, 500, 60, 1);
  const active = await watch("grant.active", asked.length);
  for (const { id, ownerToken } of asked) await api(ownerToken, `/requests/${id}/approve`, {});
  await active.done;
  const removed = await watch("binding.removed", asked.length);
  const start = performance.now();
  await api(admin, `/roles/${role.slug}/rollback`, { version: 2 });
  const clicked = performance.now() - start;
  const settled = Math.max(...(await removed.done).values()) - start;
  printTable(
    "Rollback, 50 live grants lose one place each",
    ["measured", "ms", "aim"],
    [
      ["click → answered", clicked.toFixed(0), ""],
      ["click → all 50 settled", settled.toFixed(0), "< 2000"],
    ],
  );
  await endEverything();
}

async function endEverything(): Promise<void> {
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 24 * 60 * 60000`;
  for (;;) {
    const open = await db.grant.count({ where: { closedAt: null } });
    if (open === 0) return;
    await pause(100);
  }
}

type Load = { name: string; aim: string; request: autocannon.Request | (() => autocannon.Request); amount?: number };

async function measureHttp(bench: Bench): Promise<void> {
  const { filled, tokens } = bench;
  const owner = tokens.get(filled.roles[0]?.ownerId ?? "") ?? "";
  const person = tokens.get(filled.people[60]?.id ?? "") ?? "";
  const admin = tokens.get("admin") ?? "";
  const get = (path: string, token: string): autocannon.Request => ({
    path: `/api/v1${path}`,
    method: "GET",
    headers: { authorization: `Bearer ${token}` },
  });
  const creations = createsFor(bench);
  const approvals = await approvalsFor(bench, Math.min(SECONDS * 250, 600));
  const loads: Load[] = [
    { name: "my requests", aim: "> 750 (8 × 94)", request: get("/requests?mine=true&limit=20", person) },
    { name: "waiting requests", aim: "> 750 (8 × 94)", request: get("/requests?awaiting=true&limit=20", owner) },
    { name: "history, first page", aim: "> 450 (15 × 30)", request: get("/history?limit=20", admin) },
    { name: "history, deep page", aim: "> 450 (15 × 30)", request: get("/history?limit=20&cursor=5000", admin) },
    { name: "create", aim: "> 350 (5 × 70)", request: creations },
    { name: "approve", aim: "> 208 (8 × 26)", request: approvals.next, amount: approvals.count },
  ];
  const rows: string[][] = [];
  for (const load of loads) rows.push(await fire(load));
  printTable(
    `Requests per second, 10 connections, ${SECONDS} s each`,
    ["request", "per second", "p50 ms", "p95 ms", "p99 ms", "2xx", "other", "aim"],
    rows,
  );
}

async function fire({ name, aim, request, amount }: Load): Promise<string[]> {
  const times: number[] = [];
  let good = 0;
  let bad = 0;
  const instance = autocannon({
    url: running.url,
    connections: 10,
    ...(amount === undefined ? { duration: SECONDS } : { amount }),
    requests: [typeof request === "function" ? { setupRequest: (before) => ({ ...before, ...request() }) } : request],
  });
  instance.on("response", (_client, status, _bytes, ms) => {
    times.push(ms);
    if (status >= 200 && status < 300) good += 1;
    else bad += 1;
  });
  const start = performance.now();
  await new Promise<void>((resolve) => {
    instance.on("done", resolve);
  });
  const perSecond = (good + bad) / ((performance.now() - start) / 1_000);
  const ms = (share: number) => percentile(times, share).toFixed(1);
  return [name, perSecond.toFixed(0), ms(0.5), ms(0.95), ms(0.99), String(good), String(bad), aim];
}

/** Every person asks for every role in turn, so that no two of them collide. */
function createsFor({ filled, tokens }: Bench): () => autocannon.Request {
  let n = 0;
  return () => {
    const person = filled.people[60 + (n % 900)];
    const role = filled.roles[1 + (Math.floor(n / 900) % (filled.roles.length - 1))];
    n += 1;
    return jsonPost("/requests", tokens.get(person?.id ?? "") ?? "", {
      role: role?.slug,
      minutes: 30,
      justification: "bench",
    });
  };
}

async function approvalsFor(bench: Bench, count: number): Promise<{ next: () => autocannon.Request; count: number }> {
  const asked = await askFor(bench, count, 60, 30, 1);
  let n = 0;
  const next = () => {
    const request = asked[n];
    n += 1;
    return jsonPost(`/requests/${request?.id ?? ""}/approve`, request?.ownerToken ?? "", {});
  };
  return { next, count };
}

function jsonPost(path: string, token: string, body: object): autocannon.Request {
  return {
    path: `/api/v1${path}`,
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** The scripts that each page loads, as a browser gets them. */
async function measurePages({ filled }: Bench): Promise<void> {
  const admin = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  const cookie = `next-auth.session-token=${await mintSessionFor(db, admin.id)}`;
  const slug = filled.roles[1]?.slug ?? "";
  const request = await db.accessRequest.findFirstOrThrow();
  const grant = await db.grant.findFirstOrThrow();
  const paths = [
    "/",
    "/roles",
    `/roles/${slug}`,
    `/roles/${slug}/edit`,
    "/approvals",
    `/requests/${request.id}`,
    `/grants/${grant.id}`,
    "/history",
    "/settings/tokens",
  ];
  const rows = [await pageRow("/sign-in", "")];
  for (const path of paths) rows.push(await pageRow(path, cookie));
  printTable(
    "JavaScript per page, compressed (aim: < 150 kB)",
    ["page", "scripts", "gzip kB", "brotli kB", "made in ms"],
    rows,
  );
}

async function pageRow(path: string, cookie: string): Promise<string[]> {
  const start = performance.now();
  const html = await (await fetch(`${running.url}${path}`, { headers: { cookie } })).text();
  const ms = performance.now() - start;
  const named = new Set([...html.matchAll(/\/_next\/static\/[^"\\]+\.js/g)].map(([script]) => script));
  // Browsers that know modules never ask for these.
  const old = [...html.matchAll(/<script src="([^"]+)"[^>]*nomodule/gi)].map(([, script]) => script ?? "");
  const scripts = [...named].filter((script) => !old.includes(script));
  const bodies = await Promise.all(
    scripts.map(async (script) => Buffer.from(await (await fetch(`${running.url}${script}`)).arrayBuffer())),
  );
  const sum = (compress: (body: Buffer) => Buffer) =>
    (bodies.reduce((size, body) => size + compress(body).length, 0) / 1_000).toFixed(0);
  const shown = path.replace(/[0-9a-f-]{36}/, "{id}");
  return [
    shown,
    String(scripts.length),
    sum((body) => gzipSync(body)),
    sum((body) => brotliCompressSync(body)),
    ms.toFixed(0),
  ];
}

async function measureMemory({ running: { children } }: Bench): Promise<void> {
  const rows = await Promise.all(
    children.map(async (child) => {
      const status = await readFile(`/proc/${child.pid() ?? "self"}/status`, "utf8").catch(() => "");
      const kb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
      return [child.name, (kb / 1_024).toFixed(0)];
    }),
  );
  printTable("Memory after all of that, resident", ["process", "MiB"], rows);
}

/** `npm start` from nothing but installed packages, and again: until it says where to go. */
async function measureStart(): Promise<void> {
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
