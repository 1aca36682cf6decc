import { createHash } from "node:crypto";
import { canonicalJson, type Change, type Json, type StoredChange } from "../../domain/change.ts";
import { fitsSelection, type Selection } from "../../domain/selection.ts";
import { openPublicKey, openSigningKey, type SigningKey } from "../checkpoint.ts";
import type { ExportRecord } from "../export-record.ts";
import { seal } from "../committed.ts";
import { GENESIS, nextPoint } from "../link.ts";
import type { Line } from "../read-lines.ts";

export const KEY = openSigningKey(Buffer.alloc(32, 7).toString("base64"));
export const OTHER_KEY = openSigningKey(Buffer.alloc(32, 8).toString("base64"));
export const KEYS = new Map([[KEY.id, openPublicKey(KEY.publicKey)]]);
export const EVERYTHING: Selection = { of: "history", filter: {} };
const EXPORT = "01900000-0000-7000-8000-00000000ffff";

/** A change that nobody made. Every third is about another role. */
export function madeChange(n: number, changes: Partial<Change> = {}): Change {
  return {
    id: `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`,
    at: new Date(Date.UTC(2026, 10, 1) + n * 1_000).toISOString(),
    kind: "group.missing",
    actor: { kind: "system", id: null, name: "Daypass", via: "worker" },
    about: { group: `acme/größe ${n}` },
    personId: null,
    roleId: n % 3 === 0 ? "payments" : "platform",
    requestId: null,
    grantId: null,
    bindingId: null,
    causeId: null,
    why: n % 2 === 0 ? null : 'line\nbreak "quoted" \u2028 \u{1f511}',
    before: null,
    after: { n },
    ...changes,
  };
}

type Made = {
  count: number;
  every: number;
  selection?: Selection;
  key?: SigningKey;
  changes?: readonly Change[];
  /** Entries that have lost their personal fields. */
  redacted?: readonly number[];
  version?: 1 | 2;
};

/** The records of an export of `count` changes and the one that records it, with a checkpoint at every so many. */
export function madeRecords({
  count,
  every,
  selection = EVERYTHING,
  key = KEY,
  changes,
  redacted = [],
  version = 2,
}: Made): ExportRecord[] {
  const told = changes ?? Array.from({ length: count }, (_, i) => madeChange(i + 1));
  const entries = told.filter((change) => fitsSelection(change, selection)).length;
  const facts = { format: "jsonl", selection, entries };
  const actor = { kind: "person", id: "theo", name: "Theo", via: "web" } as const;
  const own = madeChange(told.length + 1, {
    id: EXPORT,
    actor,
    kind: "history.exported",
    after: facts as unknown as Json,
  });
  const records: ExportRecord[] = [{ type: "head", daypass: "history", version, export: EXPORT, ...facts }];
  let at = GENESIS;
  let segment: ExportRecord[] = [];
  let previous: number | null = null;
  for (const change of [...told, own]) {
    const plain = canonicalJson(change);
    const { body, committed } =
      version === 1 ? { body: plain, committed: plain } : seal(change, saltOf(Number(at.seq) + 1));
    const content = createHash("sha256").update(committed).digest();
    const prevHash = hex(at.hash);
    at = nextPoint(at, content);
    const [seq, hash] = [Number(at.seq), hex(at.hash)];
    const stored = JSON.parse(redacted.includes(seq) ? committed : body) as StoredChange;
    if (change === own || fitsSelection(change, selection))
      segment.push({ type: "change", seq, prevHash, hash, change: stored });
    else if (segment.length > 0) segment.push({ type: "skipped", seq, contents: [hex(content)] });
    if (change !== own && seq % every !== 0) continue;
    const signed = key.sign({ seq, hash, previous, at: "2026-11-24T12:00:00.000Z" });
    previous = seq;
    if (segment.length > 0) records.push(...segment, { type: "checkpoint", ...signed });
    segment = [];
  }
  return [...records, { type: "end" }];
}

export function textOf(records: readonly ExportRecord[]): string {
  return records.map((record) => `${canonicalJson(record as unknown as Json)}\n`).join("");
}

export function linesOf(records: readonly ExportRecord[]): Line[] {
  return records.map((record, i) => ({ text: canonicalJson(record as unknown as Json), number: i + 1 }));
}

export function saltOf(seq: number): Buffer {
  return createHash("sha256").update(`salt ${seq}`).digest().subarray(0, 16);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
