import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { v7 as newId } from "uuid";
import { mintTokenFor } from "../e2e/mint.ts";
import { canonicalJson } from "../lib/domain/change.ts";
import { verifyChain } from "../lib/db/verify-chain.ts";
import { peakWhile, residentMiB } from "./memory.ts";
import { openBenchStage } from "./stage.ts";
import { percentile, printTable } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const CHANGES = Number(process.env.BENCH_CHANGES ?? 1_000_000);
const BATCH = 500;
const GROUPS = 500;

const stage = await openBenchStage();
const { db, running, folder } = stage;
try {
  await measureAppending();
  await measureHistory();
} finally {
  await stage.close();
}

/** One change per transaction, as the hot path writes it, and then the rest in bulk through the same function. */
async function measureAppending(): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const start = performance.now();
    await db.$queryRaw`SELECT append_changes(${[bodyOf(n)]}::text[])::text`;
    times.push(performance.now() - start);
  }
  const start = performance.now();
  for (let n = times.length; n < CHANGES; n += BATCH) {
    const bodies = Array.from({ length: Math.min(BATCH, CHANGES - n) }, (_, i) => bodyOf(n + i));
    await db.$queryRaw`SELECT append_changes(${bodies}::text[])::text`;
  }
  const seconds = (performance.now() - start) / 1_000;
  printTable(
    "Appending to the history",
    ["measured", "value"],
    [
      ["one change, p50 ms", percentile(times, 0.5).toFixed(2)],
      ["one change, p95 ms", percentile(times, 0.95).toFixed(2)],
      [`in bulk, ${BATCH} a transaction, per second`, ((CHANGES - times.length) / seconds).toFixed(0)],
    ],
  );
}

async function measureHistory(): Promise<void> {
  const admin = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  await db.person.update({ where: { id: admin.id }, data: { isAdmin: true } });
  const token = await mintTokenFor(db, admin.id);
  const file = join(folder, "export.jsonl");
  await exported(token, "kind=role.created", file);
  const rows = [
    await exportRow("JSON Lines, everything", token, "format=jsonl", file),
    await exportRow("CSV, everything", token, "format=csv", join(folder, "export.csv")),
    await exportRow("JSON Lines, one kind", token, "kind=group.missing", join(folder, "part.jsonl")),
  ];
  const headings = ["export", "entries", "seconds", "per second", "MB", "web before MiB", "web peak MiB"];
  printTable(`Export of ${CHANGES.toLocaleString("en")} changes`, headings, rows);
  const start = performance.now();
  const { end } = await verifyChain(db);
  const seconds = (performance.now() - start) / 1_000;
  printTable(
    "Verify",
    ["where", "seconds", "entries per second", "peak MiB"],
    [
      ["in the database, as the worker does daily", seconds.toFixed(1), (Number(end.seq) / seconds).toFixed(0), ""],
      await verifyRow(file),
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

async function verifyRow(file: string): Promise<string[]> {
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
  return ["an export, with the public key alone", seconds.toFixed(1), (CHANGES / seconds).toFixed(0), peak];
}

function bodyOf(n: number): string {
  return canonicalJson({
    id: newId(),
    at: new Date(Date.UTC(2026, 0, 1) + n * 20_000).toISOString(),
    kind: n % GROUPS === 0 ? "group.missing" : "group.owners-changed",
    actor: { kind: "system", id: null, name: "Daypass", via: "worker" },
    about: { group: `bench/${n % GROUPS}` },
    personId: null,
    roleId: null,
    requestId: null,
    grantId: null,
    bindingId: null,
    causeId: null,
    why: null,
    before: { owners: ["somebody", "somebody else"] },
    after: { owners: ["somebody", `number ${n}`] },
  });
}
