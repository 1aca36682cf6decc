import type { KeyObject } from "node:crypto";
import { canonicalJson, type Change, type StoredChange } from "../domain/change.ts";
import { openChange } from "../domain/personal.ts";
import { fitsSelection, isEverything } from "../domain/selection.ts";
import { isSigned } from "./checkpoint.ts";
import type { ChangeRecord, CheckpointRecord, ExportRecord, HeadRecord, SkippedRecord } from "./export-record.ts";
import { contentHash } from "./committed.ts";
import { Broken, type Fault } from "./finding.ts";
import { GENESIS, nextPoint, sameBytes, type Point } from "./link.ts";

export type VerifiedExport = {
  readonly head: HeadRecord;
  /** The entry that records the export: who exported, when. */
  readonly record: Change;
  /** The last checkpoint, which covers everything before it. */
  readonly signed: CheckpointRecord;
  readonly checkpoints: number;
  /** How many of the checkpoints that were kept elsewhere this export goes through. */
  readonly agreeing: number;
  /** How many entries had lost their personal fields when they were exported, and the first of them. */
  readonly redacted: { readonly count: number; readonly first: number | null };
};

/** Hashes in hex by the entry that a checkpoint kept elsewhere signs. */
export type Held = ReadonlyMap<number, string>;

/** The walk along one export: knows where in the chain it is, and throws Broken at the first fault. */
export class Walk {
  isEnded = false;
  readonly #head: HeadRecord;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #held: Held;
  #at: Point = GENESIS;
  /** After the head and after a checkpoint entries may be left out, unless everything was exported. */
  #mayJump = true;
  #hasSkipped = false;
  #entries = 0;
  #record: Change | null = null;
  #signed: CheckpointRecord | null = null;
  #checkpoints = 0;
  #agreeing = 0;
  #redacted: VerifiedExport["redacted"] = { count: 0, first: null };

  constructor(head: HeadRecord, keys: ReadonlyMap<string, KeyObject>, held: Held) {
    this.#head = head;
    this.#keys = keys;
    this.#held = held;
  }

  /** `body` is the canonical text of the change, `next` the record that follows. */
  change(record: ChangeRecord, body: string, line: number, next: ExportRecord | null): void {
    const broken = (fault: Fault) => new Broken(fault, line, record.seq);
    const expected = Number(this.#at.seq) + 1;
    const follows = next?.type === "change" ? next.seq : null;
    if (record.seq !== expected) this.#judgeOrder(record, follows, expected, line);

    const prevHash = Buffer.from(record.prevHash, "hex");
    const before = record.seq === expected ? this.#at : { seq: BigInt(record.seq - 1), hash: prevHash };
    const content = contentHash(body, record.change);
    if (!content) throw broken("changed");
    const here = nextPoint(before, content);
    if (!sameBytes(before.hash, prevHash) || Buffer.from(here.hash).toString("hex") !== record.hash)
      throw broken(follows === record.seq ? "inserted" : "changed");
    this.#reach(here, line);
    this.#mayJump = false;

    // Everything after the entry that records the export is there for its signature alone.
    if (this.#record) throw broken("inserted");
    if (record.change.id === this.#head.export) {
      this.#close(record.change, line, record.seq);
      return;
    }
    if (isEverything(this.#head.selection) && this.#hasSkipped) throw broken("left-out");
    if (!fitsSelection(record.change, this.#head.selection)) throw broken("misplaced");
    this.#entries += 1;
    if (!record.change.commitments) return;
    this.#redacted = { count: this.#redacted.count + 1, first: this.#redacted.first ?? record.seq };
  }

  #judgeOrder(record: ChangeRecord, follows: number | null, expected: number, line: number): void {
    const broken = (fault: Fault) => new Broken(fault, line, record.seq);
    if (record.seq < expected) throw broken("inserted");
    if (follows !== null && follows < record.seq)
      throw broken(follows === expected && record.seq > expected + 1 ? "inserted" : "swapped");
    if (!this.#mayJump) throw broken("missing");
    this.#hasSkipped = true;
  }

  #close(stored: StoredChange, line: number, entry: number): void {
    const { type: _type, daypass: _daypass, version, export: _export, ...said } = this.#head;
    // Somebody exports, and since version 2 who that was is salted.
    if ((version === 1) !== (stored.personal === undefined)) throw new Broken("head-differs", line, entry);
    const change = openChange(stored);
    if (change.kind !== "history.exported" || canonicalJson(change.after) !== canonicalJson(said))
      throw new Broken("head-differs", line, entry);
    if (this.#entries !== this.#head.entries) throw new Broken("miscounted", line, entry);
    this.#record = change;
  }

  skipped(record: SkippedRecord, line: number): void {
    const broken = (fault: Fault) => new Broken(fault, line, record.seq);
    if (BigInt(record.seq) !== this.#at.seq + 1n || this.#mayJump) throw broken("missing");
    this.#hasSkipped = true;
    for (const content of record.contents) this.#reach(nextPoint(this.#at, Buffer.from(content, "hex")), line);
  }

  #reach(point: Point, line: number): void {
    this.#at = point;
    const seq = Number(point.seq);
    const held = this.#held.get(seq);
    if (held === undefined) return;
    if (held !== Buffer.from(point.hash).toString("hex")) throw new Broken("held-otherwise", line, seq);
    this.#agreeing += 1;
  }

  checkpoint({ type, ...record }: CheckpointRecord, line: number): void {
    const broken = (fault: Fault) => new Broken(fault, line, record.seq);
    const key = this.#keys.get(record.key);
    if (!key) throw broken("unknown-key");
    if (!isSigned(record, key)) throw broken("bad-signature");
    if (this.#mayJump) throw broken("inserted");
    if (BigInt(record.seq) !== this.#at.seq) throw broken("missing");
    if (record.hash !== Buffer.from(this.#at.hash).toString("hex")) throw broken("rewritten");
    this.#mayJump = true;
    this.#signed = { type, ...record };
    this.#checkpoints += 1;
  }

  end(line: number): void {
    if (!this.#record) throw new Broken("truncated", line, null);
    if (!this.#mayJump) throw new Broken("unsigned", line, Number(this.#at.seq));
    this.isEnded = true;
  }

  found(line: number): VerifiedExport {
    if (!this.#record || !this.#signed) throw new Broken("unsigned", line, null);
    const counts = { checkpoints: this.#checkpoints, agreeing: this.#agreeing, redacted: this.#redacted };
    return { head: this.#head, record: this.#record, signed: this.#signed, ...counts };
  }
}
