import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { canonicalJson } from "../domain/change.ts";
import { isEverything } from "../domain/selection.ts";
import type { CheckpointRecord, ExportFacts, ExportRecord } from "../proof/export-record.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import type { Fitting } from "./fitting-changes.ts";
import { signedAfter } from "./signatures.ts";

/** One export that was recorded: what is in it, up to which entry, and the entry that records it. */
export type Exporting = {
  readonly facts: ExportFacts;
  readonly selected: Fitting;
  readonly upTo: bigint;
  readonly id: string;
  readonly seq: bigint;
};

const PAGE = 1_000n;
/** A checkpoint this far ahead is taken rather than the next: fewer queries, and more hashes of what was not asked for. */
const AHEAD = { everything: 1_000n, some: 100n };
/** A worker that runs signs within a moment of hearing of an export. */
const SIGNATURE_TRIES = 50;
const SIGNATURE_PAUSE_MS = 100;

type Row = { seq: bigint; body: string | null; content: string; prevHash: string; hash: string };

/**
 * The export as JSON Lines, a page at a time: every selected entry, what lies between it and the next checkpoint by its
 * hash alone, and that checkpoint. Memory does not grow with the history.
 */
export async function* exportLines(exporting: Exporting, { db }: { db: Db }): AsyncGenerator<string> {
  const { facts, selected, upTo, id, seq: own } = exporting;
  const isSelected = (from: bigint, to: bigint) => {
    const within = selected({ order: "oldest", from, to: to < upTo ? to : upTo });
    return Prisma.sql`(c.id = ${id}::uuid OR c.seq IN (${within}))`;
  };
  const ahead = isEverything(facts.selection) ? AHEAD.everything : AHEAD.some;
  yield line({ type: "head", daypass: "history", version: 2, export: id, ...facts });
  for (let after = 0n; after < own;) {
    const first = selected({ order: "oldest", from: after + 1n, to: upTo, limit: 1 });
    const [next] = await db.$queryRaw<{ seq: bigint }[]>`${first}`;
    const start = next?.seq ?? own;
    const signed = await checkpointFrom(db, start + ahead < own ? start + ahead : own);
    const end = signed ? BigInt(signed.seq) : own;
    yield* segment(db, isSelected, start, end);
    if (signed) yield line(signed);
    after = end;
  }
  yield line({ type: "end" });
}

type IsSelected = (from: bigint, to: bigint) => Prisma.Sql;

async function* segment(db: Db, isSelected: IsSelected, start: bigint, end: bigint): AsyncGenerator<string> {
  for (let from = start; from <= end; from += PAGE) {
    const to = from + PAGE <= end ? from + PAGE - 1n : end;
    const rows = await db.$queryRaw<Row[]>`
      SELECT c.seq, CASE WHEN ${isSelected(from, to)} THEN c.body END AS body, encode(c.content_hash, 'hex') AS content,
        encode(c.prev_hash, 'hex') AS "prevHash", encode(c.hash, 'hex') AS hash
      FROM change c WHERE c.seq BETWEEN ${from} AND ${to} ORDER BY c.seq`;
    if (rows.length > 0) yield linesOf(rows);
  }
}

/** A body is canonical already, and `change` is the first of the record's keys. */
function linesOf(rows: readonly Row[]): string {
  const lines: string[] = [];
  let skipped: { seq: number; contents: string[] } | null = null;
  const flush = () => {
    if (skipped) lines.push(line({ type: "skipped", ...skipped }));
    skipped = null;
  };
  for (const { seq, body, content, prevHash, hash } of rows) {
    if (body === null) {
      skipped ??= { seq: Number(seq), contents: [] };
      skipped.contents.push(content);
      continue;
    }
    flush();
    lines.push(
      `{"change":${body},"hash":"${hash}","prevHash":"${prevHash}","seq":${seq.toString()},"type":"change"}\n`,
    );
  }
  flush();
  return lines.join("");
}

/** The first checkpoint at this entry or after it. Waits a little for one, when there is somebody to sign it. */
async function checkpointFrom(db: Db, seq: bigint): Promise<CheckpointRecord | null> {
  for (let tries = 0; tries < SIGNATURE_TRIES; tries += 1) {
    const signed = await signedAfter(Number(seq), { db });
    if (signed) {
      const { publicKey: _publicKey, ...checkpoint } = signed;
      return { type: "checkpoint", ...checkpoint };
    }
    if (!(await hasWorker(db))) return null;
    await pause(SIGNATURE_PAUSE_MS);
  }
  return null;
}

async function hasWorker(db: Db): Promise<boolean> {
  const [found] = await db.$queryRaw<[{ runs: boolean }]>`
    SELECT EXISTS (SELECT FROM worker_heartbeat WHERE seen_at > clock_timestamp() - interval '8 seconds') AS runs`;
  return found.runs;
}

function line(record: ExportRecord): string {
  return `${canonicalJson(record)}\n`;
}
