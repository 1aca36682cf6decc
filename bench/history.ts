import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { v7 as newId } from "uuid";
import type { Change } from "../lib/domain/change.ts";
import { append } from "../lib/db/record.ts";
import { verifyChain } from "../lib/db/verify-chain.ts";
import type { Company } from "./ask.ts";
import { fillHistory } from "./fill-history.ts";
import { foundCompany } from "./found-company.ts";
import { measureReading } from "./measure-reading.ts";
import { measureRollback } from "./measure-rollback.ts";
import { peakWhile, residentMiB } from "./memory.ts";
import { openBenchStage } from "./stage.ts";
import { percentile, printTable } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const GRANTS = Number(process.env.BENCH_GRANTS ?? 100_000);
const SIZE = { people: 1_000, groups: 200, requests: 0 };

const stage = await openBenchStage();
const { db, running, folder } = stage;
try {
  const company = await foundCompany(stage, SIZE);
  const { filled } = company;
  await measureAppending();
  console.log(`bench: filling in ${GRANTS.toLocaleString("en")} grants and their changes`);
  const start = performance.now();
  const changes = await fillHistory(db, filled, GRANTS);
  console.log(`bench: ${(changes / ((performance.now() - start) / 1_000)).toFixed(0)} changes a second, in bulk`);
  await stage.untilForwarded();
  await untilSigned();
  await measureReading({ ...stage, filled, tokens: readersOf(company) });
  await measureExport(company.tokens.get("admin") ?? "", await db.change.count());
  await measureRollback(company, 500, 300);
} finally {
  await stage.close();
}

/** One change per transaction, as the hot path writes it. */
async function measureAppending(): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const start = performance.now();
    await append(db, [changeOf(n)]);
    times.push(performance.now() - start);
  }
  const ms = (share: number) => percentile(times, share).toFixed(2);
  printTable(
    "Appending to the history",
    ["measured", "p50 ms", "p95 ms", "p99 ms"],
    [["one change and its commit", ms(0.5), ms(0.95), ms(0.99)]],
  );
}

/** The worker signs what it has verified, and a million changes that came at once take it minutes. */
async function untilSigned(): Promise<void> {
  const isSigned = async () => {
    const [{ behind }] = await db.$queryRaw<[{ behind: boolean }]>`
      SELECT head.seq > COALESCE((SELECT max(seq) FROM checkpoint), 0) + 1000 AS behind FROM chain_head head`;
    return !behind;
  };
  while (!(await isSigned())) await pause(1_000);
}

/** Who sees everything, who owns roles, and who sees only their own. */
function readersOf({ filled: { people, roles }, tokens }: Company): Map<string, string> {
  const somebody = people.find(({ id }) => !roles.some(({ ownerId }) => ownerId === id))?.id;
  const tokenOf = (key: string | undefined) => tokens.get(key ?? "") ?? "";
  return new Map([
    ["admin", tokenOf("admin")],
    ["owner", tokenOf(roles[0]?.ownerId)],
    ["person", tokenOf(somebody)],
  ]);
}

async function measureExport(token: string, changes: number): Promise<void> {
  const file = join(folder, "export.jsonl");
  await exported(token, "kind=role.created", file);
  const rows = [
    await exportRow("JSON Lines, everything", token, "format=jsonl", file),
    await exportRow("CSV, everything", token, "format=csv", join(folder, "export.csv")),
    await exportRow("JSON Lines, one kind", token, "kind=grant.active", join(folder, "part.jsonl")),
    await exportRow(
      "JSON Lines, one word and a provider",
      token,
      "q=removed&provider=aws",
      join(folder, "words.jsonl"),
    ),
  ];
  const headings = ["export", "entries", "seconds", "per second", "MB", "web before MiB", "web peak MiB"];
  printTable(`Export of ${changes.toLocaleString("en")} changes`, headings, rows);
  const start = performance.now();
  const { end } = await verifyChain(db);
  const seconds = (performance.now() - start) / 1_000;
  printTable(
    "Verify",
    ["where", "seconds", "entries per second", "peak MiB"],
    [
      ["in the database, as the worker does daily", seconds.toFixed(1), (Number(end.seq) / seconds).toFixed(0), ""],
      await verifyRow(file, changes),
    ],
  );
}

async function exportRow(name: string, token: string, query: string, file: string): Promise<string[]> {
  const web = running.children.find((child) => child.name === "the web process")?.pid();
  const before = await residentMiB(web);
  const start = performance.now();
  const peak = await peakWhile(web, exported(token, query, file));
  const seconds = (performance.now() - start) / 1_000;
  const record = await db.change.findFirstOrThrow({ where: { kind: "history.exported" }, orderBy: { seq: "desc" } });
  const { entries } = (JSON.parse(record.body) as { after: { entries: number } }).after;
  const megabytes = (await stat(file)).size / 1e6;
  return [
    name,
    String(entries),
    seconds.toFixed(1),
    (entries / seconds).toFixed(0),
    megabytes.toFixed(0),
    before,
    peak,
  ];
}

async function exported(token: string, query: string, file: string): Promise<void> {
  const answer = await fetch(`${running.url}/api/v1/history/export?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok || !answer.body) throw new Error(await answer.text());
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(file));
}

async function verifyRow(file: string, changes: number): Promise<string[]> {
  const [key] = await db.signingKey.findMany();
  const publicKey = Buffer.from(key?.publicKey ?? []).toString("base64url");
  const start = performance.now();
  const child = spawn(process.execPath, ["scripts/daypass.ts", "verify", file, "--key", publicKey], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise<void>((resolve, reject) =>
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`verify ended with ${String(code)}`)))),
  );
  const peak = await peakWhile(child.pid, ended);
  const seconds = (performance.now() - start) / 1_000;
  return ["an export, with the public key alone", seconds.toFixed(1), (changes / seconds).toFixed(0), peak];
}

/** Every other entry names somebody, and a person did it. */
function changeOf(n: number): Change {
  const names = n % 2 === 0;
  return {
    id: newId(),
    at: new Date(Date.UTC(2023, 0, 1) + n * 20_000).toISOString(),
    kind: "group.owners-changed",
    actor: names
      ? { kind: "person", id: newId(), name: "Maya Chen", via: "web" }
      : { kind: "system", id: null, name: "Daypass", via: "worker" },
    about: { group: `bench/${n % SIZE.groups}`, ...(names ? { person: "Maya Chen" } : {}) },
    personId: null,
    roleId: null,
    requestId: null,
    grantId: null,
    bindingId: null,
    causeId: null,
    why: null,
    before: { owners: ["somebody", "somebody else"] },
    after: { owners: ["somebody", `number ${n}`] },
  };
}
