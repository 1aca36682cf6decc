import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyFile } from "../../scripts/verify.ts";
import type { Evidence } from "../domain/evidence.ts";
import { SYSTEM } from "../domain/actor.ts";
import { openSigningKey } from "../proof/checkpoint.ts";
import type { ExportRecord } from "../proof/export-record.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import type { Username } from "../queries/testing/company.ts";
import { redactHistory } from "../worker/redact-history.ts";
import { announceKey, signCheckpoints } from "../worker/sign-checkpoints.ts";
import { GET } from "../../app/api/v1/history/export/route.ts";
import { GET as GET_CHECKPOINTS } from "../../app/api/v1/history/checkpoints/route.ts";
import { call, openWeb, type OpenWeb } from "./testing/open-web.ts";

const KEY = openSigningKey(Buffer.alloc(32, 7).toString("base64"));
const PUBLIC_KEY = KEY.publicKey.toString("base64url");

let web: OpenWeb;
let folder: string;
let requestId: string;

beforeAll(async () => {
  web = await openWeb();
  folder = await mkdtemp(join(tmpdir(), "daypass-export-"));
  await announceKey(web.db, KEY);
  ({ requestId } = await web.company.grant("maya", "payments", "omar"));
  await web.company.ask("lena", "platform");
  await signCheckpoints(web.db, KEY);
});
afterAll(async () => {
  await web.close();
  await rm(folder, { recursive: true, force: true });
});

/** Exports as somebody. A worker that signs runs beside it, as it does for real. */
async function exportAs(username: Username, query: Record<string, string>) {
  const token = await web.tokenOf(username);
  const request = new Request(`http://localhost:3000/api/v1/history/export?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const answer = await GET(request, { params: Promise.resolve({}) });
  if (answer.status === 200) await signCheckpoints(web.db, KEY);
  return { status: answer.status, headers: answer.headers, text: Buffer.from(await answer.arrayBuffer()).toString() };
}

async function verifyText(text: string, key = PUBLIC_KEY): Promise<string> {
  const file = join(folder, "export");
  await writeFile(file, text);
  return verifyFile(file, [key], folder);
}

const recordsIn = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ExportRecord);
const seqsIn = (text: string) => recordsIn(text).flatMap((record) => (record.type === "change" ? [record.seq] : []));

test("everything, as JSON Lines: verified with nothing but the public key, and the export is its last entry", async () => {
  const { text, headers } = await exportAs("ines", {});
  expect(await verifyText(text)).toMatch(/^whole: \d+ changes, each linked, signed with key [0-9a-f]{16}/);
  const seqs = seqsIn(text);
  expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  const last = recordsIn(text).findLast((entry) => entry.type === "change");
  expect(last?.change).toMatchObject({
    kind: "history.exported",
    actor: { name: "Ines", via: "api" },
    after: { format: "jsonl", entries: seqs.length - 1, selection: { of: "history", filter: {} } },
  });
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="daypass-history-[\d-]+\.jsonl"$/);
  expect(headers.get("cache-control")).toBe("no-store");
});

test("checkpoints that were kept elsewhere are held against it", async () => {
  const { text } = await exportAs("ines", {});
  const signed = recordsIn(text).flatMap((entry) => (entry.type === "checkpoint" ? [entry] : []));
  const kept = join(folder, "kept.jsonl");
  await writeFile(kept, signed.map(({ type: _, ...checkpoint }) => `${JSON.stringify(checkpoint)}\n`).join(""));
  const file = join(folder, "export");
  await writeFile(file, text);
  const words = await verifyFile(file, [PUBLIC_KEY], folder, kept);
  expect(words).toContain(`goes through ${signed.length} of the ${signed.length} checkpoints that were kept elsewhere`);
});

test("a filtered export has only what was asked for, and is verified too", async () => {
  const { text } = await exportAs("theo", { role: "payments", kind: "request.submitted" });
  expect(await verifyText(text)).toMatch(/^whole: 1 changes/);
  const changes = recordsIn(text).flatMap((record) => (record.type === "change" ? [record.change] : []));
  expect(changes.map(({ kind }) => kind)).toEqual(["request.submitted", "history.exported"]);
});

test("an export of what is found by words, outcome and place is verified too", async () => {
  for (const [name, value] of Object.entries({
    q: "maya asks",
    outcome: "approved",
    target: "payments",
    provider: "aws",
  })) {
    const { text } = await exportAs("theo", { [name]: value });
    expect(await verifyText(text)).toMatch(/^whole: [1-9]/);
  }
  const { text } = await exportAs("theo", { q: "maya asks" });
  expect(text).toContain("maya asks");
  expect(text).not.toContain("lena asks");
  const lie = text.replaceAll('"words":"maya asks"', '"outcome":"denied"');
  await expect(verifyText(lie)).rejects.toThrow("BROKEN");
});

test("people take out what they may see, and nothing else", async () => {
  const { text } = await exportAs("lena", {});
  await verifyText(text);
  const changes = recordsIn(text).flatMap((record) => (record.type === "change" ? [record.change] : []));
  expect(changes.length).toBeGreaterThan(1);
  for (const change of changes) expect([change.personId, change.actor.id]).toContain(web.company.idOf("lena"));
  expect(text).not.toContain("maya asks");
});

test("a long history is exported whole, page after page", async () => {
  await web.db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const entries = Array.from({ length: 2_500 }, (_, i) => ({
      kind: "group.missing" as const,
      about: { group: `g${i}` },
    }));
    await record(tx, SYSTEM, now, entries);
  });
  const { text } = await exportAs("ines", {});
  expect(await verifyText(text)).toMatch(/^whole: 2,5\d\d changes/);
  const { text: few } = await exportAs("ines", { kind: "request.submitted" });
  expect(await verifyText(few)).toMatch(/^whole: 2 changes/);
  expect(few.length).toBeLessThan(text.length / 2);
});

describe("what is wrong with a file is said, with the entry", () => {
  test("a changed word, a cut-off end, another key", async () => {
    const { text } = await exportAs("ines", { role: "payments" });
    await expect(verifyText(text.replace("maya asks", "omar asks"))).rejects.toThrow(
      /^BROKEN at entry \d+, line \d+ \(changed\)/,
    );
    await expect(verifyText(text.slice(0, -20))).rejects.toThrow(/^BROKEN at line \d+ \(truncated\)/);
    const other = openSigningKey(Buffer.alloc(32, 9).toString("base64")).publicKey.toString("base64url");
    await expect(verifyText(text, other)).rejects.toThrow("(unknown-key)");
    await expect(verifyText(text, "no key")).rejects.toThrow("--key");
  });
});

test("CSV has a line for every entry, and nothing in it is a formula", async () => {
  await web.db.$transaction(async (tx) => {
    const why = [
      "=HYPERLINK(1)",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      " =1",
      "＝1",
      'a "quoted" word\nand a line',
      "plain - text",
    ];
    const entries = why.map((text) => ({ kind: "group.missing" as const, about: { group: "csv" }, why: text }));
    await record(tx, SYSTEM, await databaseNow(tx), entries);
  });
  const { text, headers } = await exportAs("ines", { format: "csv", kind: "group.missing" });
  expect(headers.get("content-type")).toContain("text/csv");
  expect(text.startsWith('\uFEFF"number","at (UTC)","what happened","why"')).toBe(true);
  for (const safe of [`"'=HYPERLINK(1)"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"'\t=1"`, `"' =1"`, `"'＝1"`])
    expect(text).toContain(safe);
  expect(text).toContain('"a ""quoted"" word\nand a line"');
  expect(text).toContain('"plain - text"');
  expect(text.match(/\r\n/g)).toHaveLength(1 + 2_500 + 9);
});

describe("what is refused leaves no trace in the history", () => {
  test.each([
    ["ines", { since: "2026-11-02T00:00:00Z", until: "2026-11-01T00:00:00Z" }, 422, "range-empty"],
    ["ines", { since: "9999-11-02T00:00:00Z" }, 422, "range-empty"],
    ["ines", { since: "yesterday" }, 400, "invalid-input"],
    ["ines", { format: "xml" }, 400, "invalid-input"],
    ["ines", { role: "x' OR '1'='1" }, 400, "invalid-input"],
    ["ines", { role: "nothing" }, 404, "role-unknown"],
    ["ines", { person: "nobody" }, 404, "person-unknown"],
    ["ines", { person: "1 OR 1=1" }, 400, "invalid-input"],
    ["ines", { format: "evidence" }, 404, "not-found"],
    ["ines", { format: "evidence", quarter: "2999-Q1" }, 422, "quarter-unknown"],
    ["maya", { format: "evidence", quarter: "2026-Q4" }, 403, "not-allowed"],
    ["maya", { quarter: "2026-Q4" }, 403, "not-allowed"],
  ] as const)("%s, %o", async (username, query, status, code) => {
    const before = await web.db.change.count({ where: { kind: "history.exported" } });
    const answer = await exportAs(username, query);
    expect({ status: answer.status, code: (JSON.parse(answer.text) as { code: string }).code }).toEqual({
      status,
      code,
    });
    expect(await web.db.change.count({ where: { kind: "history.exported" } })).toBe(before);
  });

  test("the evidence of a request that is none of theirs", async () => {
    expect(await exportAs("lena", { format: "evidence", request: requestId })).toMatchObject({ status: 404 });
  });
});

describe("evidence", () => {
  const evidenceIn = (text: string) => (JSON.parse(text) as { requests: Evidence[] }).requests;

  test("of one request: who asked, why, under which version, who approved; proved by the entries in it", async () => {
    const { text } = await exportAs("maya", { format: "evidence", request: requestId });
    expect(await verifyText(text)).toMatch(/^whole: /);
    expect(evidenceIn(text)).toMatchObject([
      {
        requestId,
        asked: { by: "Maya", why: "maya asks", role: "payments", roleVersion: 1, minutes: 60 },
        policy: { by: "Host", says: { version: 1, approvalsNeeded: 1 } },
        decisions: [{ verdict: "approved", by: "Omar" }],
        goneAt: null,
      },
    ]);
  });

  test("of a quarter: every request in it", async () => {
    const { text } = await exportAs("theo", { format: "evidence", quarter: await thisQuarter() });
    expect(await verifyText(text)).toMatch(/^whole: /);
    expect(evidenceIn(text).map(({ asked }) => asked?.by)).toEqual(["Maya", "Lena"]);
  });

  test("a summary that says more than the entries prove is found", async () => {
    const { text } = await exportAs("maya", { format: "evidence", request: requestId });
    const lie = text.replace('"verdict":"approved"', '"verdict":"denied"');
    await expect(verifyText(lie)).rejects.toThrow("BROKEN at line 2 (unproved)");
    await expect(verifyText(text.replace('"requests":[\n', '"requests":[\n '))).rejects.toThrow("BROKEN");
  });
});

async function thisQuarter(): Promise<string> {
  const { quarterOf } = await import("../domain/selection.ts");
  return quarterOf(await databaseNow(web.db));
}

test("checkpoints are published with the public key, newest first", async () => {
  const token = await web.tokenOf("maya");
  const answer = await call(GET_CHECKPOINTS, { token, path: "/api/v1/history/checkpoints?limit=2" });
  const { keys, items, nextCursor } = answer.body as {
    keys: { id: string; publicKey: string }[];
    items: { seq: number; signature: string }[];
    nextCursor: string;
  };
  expect(keys).toMatchObject([{ id: KEY.id, publicKey: PUBLIC_KEY, algorithm: "Ed25519" }]);
  expect(items).toHaveLength(2);
  expect(nextCursor).toBe(String(items[1]?.seq));
});

test("without a worker that signs, the export is there and says that its end is not signed", async () => {
  const token = await web.tokenOf("ines");
  const request = new Request("http://localhost:3000/api/v1/history/export?kind=role.created", {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await (await GET(request, { params: Promise.resolve({}) })).text();
  await expect(verifyText(text)).rejects.toThrow("(unsigned)");
});

test("what was redacted is exported, proved and read without what is gone", async () => {
  await web.db.$executeRaw`UPDATE access_grant SET state = 'ENDED', closed_at = daypass_now()`;
  await web.db.$executeRaw`UPDATE clock SET offset_ms = 31::bigint * 86400000`;
  await web.db.$executeRaw`UPDATE retention SET days = 30`;
  const { seq } = await web.db.change.findFirstOrThrow({ where: { kind: "request.submitted", requestId } });
  expect(await redactHistory(web.db)).toBeGreaterThan(3);

  const { text } = await exportAs("ines", {});
  expect(text).not.toContain("maya asks");
  expect(await verifyText(text)).toMatch(/\d+ of them redacted, the first is entry \d+/);
  const redacted = recordsIn(text).find((record) => record.type === "change" && record.seq === Number(seq));
  const [, commitment = ""] = /"\/why":"([0-9a-f]{64})"/.exec(JSON.stringify(redacted)) ?? [];
  await expect(verifyText(text.replace(commitment, "0".repeat(64)))).rejects.toThrow(`BROKEN at entry ${seq},`);

  const pack = await exportAs("theo", { format: "evidence", request: requestId });
  expect(await verifyText(pack.text)).toMatch(/^whole: /);
  expect(pack.text).toContain('"by":"[redacted]"');
  const csv = await exportAs("theo", { format: "csv", kind: "request.submitted" });
  expect(csv.text).toContain("[redacted] asked for payments");
  expect((await exportAs("theo", { q: "maya asks" })).text).not.toContain('"kind":"request.submitted"');
});
