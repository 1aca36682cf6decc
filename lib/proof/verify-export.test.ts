import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChangeRecord, CheckpointRecord, ExportRecord } from "./export-record.ts";
import { readLines } from "./read-lines.ts";
import {
  EVERYTHING,
  KEYS,
  OTHER_KEY,
  linesOf,
  madeChange,
  madeRecords,
  saltOf,
  textOf,
} from "./testing/made-export.ts";
import { verifyExport } from "./verify-export.ts";

const PAYMENTS = { of: "history", filter: { roleId: "payments" } } as const;
const WHOLE = madeRecords({ count: 30, every: 8 });
const PART = madeRecords({ count: 30, every: 8, selection: PAYMENTS });

const verify = (records: readonly ExportRecord[]) => verifyExport(linesOf(records), KEYS);
const verifyText = (text: string | Uint8Array) => verifyExport(readLines(chunksOf(Buffer.from(text))), KEYS);

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += 100) yield bytes.subarray(i, i + 100);
}

async function findingIn(records: readonly ExportRecord[]) {
  const verdict = await verify(records);
  if (verdict.whole) throw new Error("nothing was found");
  const { fault, entry } = verdict.finding;
  return { fault, entry };
}

/** The place of an entry among the records. */
const placeOf = (records: readonly ExportRecord[], seq: number) =>
  records.findIndex((record) => record.type === "change" && record.seq === seq);
const changeAt = (records: readonly ExportRecord[], seq: number) => records[placeOf(records, seq)] as ChangeRecord;
const without = (records: readonly ExportRecord[], seq: number) => records.toSpliced(placeOf(records, seq), 1);
const withAt = (records: readonly ExportRecord[], at: number, record: ExportRecord) => records.toSpliced(at, 0, record);

test.each([
  ["everything", WHOLE, 30],
  ["one role", PART, 10],
  ["nothing", madeRecords({ count: 30, every: 8, selection: { of: "history", filter: { roleId: "none" } } }), 0],
  ["a history without an entry", madeRecords({ count: 0, every: 8 }), 0],
])("an export of %s that nobody touched is whole", async (_name, records, entries) => {
  expect(await verify(records)).toMatchObject({ whole: true, found: { head: { entries } } });
  expect(await verifyText(textOf(records))).toMatchObject({ whole: true });
});

describe("redacted entries", () => {
  const redacted = [3, 5, 11];
  const records = madeRecords({ count: 30, every: 8, redacted });

  test("verify with nothing but the key, and are counted", async () => {
    expect(
      records.flatMap((record) => (record.type === "change" && record.change.commitments ? [record.seq] : [])),
    ).toEqual(redacted);
    expect(await verify(records)).toMatchObject({ whole: true, found: { redacted: { count: 3, first: 3 } } });
    expect(await verify(WHOLE)).toMatchObject({ found: { redacted: { count: 0, first: null } } });
  });
  test("are found and named when a commitment is changed or a value is put back with another salt", async () => {
    const { change, ...rest } = changeAt(records, 11);
    const { commitments, ...bare } = change;
    const lies = [
      { ...change, commitments: { ...commitments, "/why": "0".repeat(64) } },
      { ...bare, why: 'line\nbreak "quoted" \u2028 \u{1f511}', personal: { paths: ["/why"], salt: "0".repeat(32) } },
      { ...bare, why: "something else" },
    ];
    for (const lie of lies) {
      const tampered = records.with(placeOf(records, 11), { ...rest, change: lie });
      expect(await findingIn(tampered)).toEqual({ fault: "changed", entry: 11 });
    }
    const true_ = { ...bare, why: madeChange(11).why, personal: { paths: ["/why"], salt: saltOf(11).toString("hex") } };
    expect((await verify(records.with(placeOf(records, 11), { ...rest, change: true_ }))).whole).toBe(true);
  });
  test("an export from before there were salts is verified, and cannot be passed off as one of today", async () => {
    const old = madeRecords({ count: 30, every: 8, version: 1 });
    expect((await verify(old)).whole).toBe(true);
    const [head, ...rest] = old;
    expect(await findingIn([{ ...head, version: 2 } as ExportRecord, ...rest])).toEqual({
      fault: "head-differs",
      entry: 31,
    });
  });
});

test("any byte that is changed, anywhere in the file, is found", async () => {
  for (const records of [WHOLE, PART]) {
    const bytes = Buffer.from(textOf(records));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const tampered = Buffer.from(bytes);
        tampered[at] = (tampered[at] ?? 0) ^ flip;
        expect((await verifyText(tampered)).whole).toBe(false);
      }),
      { numRuns: 400 },
    );
  }
});

test("a file that was cut off anywhere is found", async () => {
  for (const records of [WHOLE, PART]) {
    const bytes = Buffer.from(textOf(records));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        expect((await verifyText(bytes.subarray(0, length))).whole).toBe(false);
      }),
      { numRuns: 200 },
    );
  }
});

// A checkpoint between others may be taken out: the next one signs the same entries.
test("any two lines that change places, any line that is taken out or doubled, is found", async () => {
  for (const records of [WHOLE, PART]) {
    const line = fc.nat(records.length - 1);
    await fc.assert(
      fc.asyncProperty(line, line, async (one, other) => {
        const swapped = [...records];
        [swapped[one], swapped[other]] = [records[other]!, records[one]!];
        if (one !== other) expect((await verify(swapped)).whole).toBe(false);
        if (records[one]!.type !== "checkpoint") expect((await verify(records.toSpliced(one, 1))).whole).toBe(false);
        expect((await verify(withAt(records, other, records[one]!))).whole).toBe(false);
      }),
      { numRuns: 200 },
    );
  }
});

describe("what was done to it is named, with the entry", () => {
  test("a changed entry", async () => {
    const { change, ...record } = changeAt(WHOLE, 12);
    const lie = { ...record, change: { ...change, why: "nothing" } };
    expect(await findingIn(WHOLE.with(placeOf(WHOLE, 12), lie))).toEqual({ fault: "changed", entry: 12 });
  });
  test("a missing entry", async () => {
    expect(await findingIn(without(WHOLE, 12))).toEqual({ fault: "missing", entry: 13 });
  });
  test("a missing entry just after a checkpoint", async () => {
    expect(await findingIn(without(WHOLE, 9))).toEqual({ fault: "left-out", entry: 10 });
    expect(await findingIn(without(WHOLE, 1))).toEqual({ fault: "left-out", entry: 2 });
  });
  test("a missing entry of a filtered export, between checkpoints and with the whole stretch around it", async () => {
    expect(await findingIn(without(PART, 12))).toMatchObject({ fault: "missing" });
    const from = placeOf(PART, 9);
    const until = PART.findIndex(({ type }, i) => i > from && type === "checkpoint");
    expect(await findingIn(PART.toSpliced(from, until - from + 1))).toEqual({ fault: "miscounted", entry: 31 });
  });
  test("two entries that changed places", async () => {
    const [at, next] = [placeOf(WHOLE, 12), placeOf(WHOLE, 13)];
    const swapped = WHOLE.with(at, WHOLE[next]!).with(next, WHOLE[at]!);
    expect(await findingIn(swapped)).toEqual({ fault: "swapped", entry: 13 });
  });
  test("an entry that was put in, forged or true", async () => {
    const forged = { ...changeAt(WHOLE, 12), change: madeChange(99) };
    expect(await findingIn(withAt(WHOLE, placeOf(WHOLE, 12), forged))).toEqual({ fault: "inserted", entry: 12 });
    expect(await findingIn(withAt(WHOLE, placeOf(WHOLE, 12), changeAt(WHOLE, 4)))).toEqual({
      fault: "inserted",
      entry: 4,
    });
  });
  test("the end cut off, also by somebody who knows how an export ends", async () => {
    const cut = WHOLE.slice(0, placeOf(WHOLE, 12));
    expect(await findingIn(cut)).toMatchObject({ fault: "truncated" });
    expect(await findingIn([...cut, { type: "end" }])).toMatchObject({ fault: "truncated" });
  });
  test("a checkpoint that was changed, or signed with another key", async () => {
    const at = WHOLE.findIndex(({ type }) => type === "checkpoint");
    const { type, signature: _, ...checkpoint } = WHOLE[at] as CheckpointRecord;
    const late = { ...(WHOLE[at] as CheckpointRecord), at: "2026-11-24T12:00:00.001Z" };
    expect(await findingIn(WHOLE.with(at, late))).toEqual({ fault: "bad-signature", entry: 8 });
    const others = { type, ...OTHER_KEY.sign(checkpoint) };
    expect(await findingIn(WHOLE.with(at, others))).toEqual({ fault: "unknown-key", entry: 8 });
  });
  test("a chain that was made anew, every hash right, but not signed", async () => {
    const changes = Array.from({ length: 30 }, (_, i) => madeChange(i + 1, i === 11 ? { why: "nothing" } : {}));
    const anew = madeRecords({ count: 30, every: 8, changes });
    const signed = anew.map((record, i) => (record.type === "checkpoint" ? WHOLE[i]! : record));
    expect(await findingIn(signed)).toEqual({ fault: "rewritten", entry: 16 });
    expect(await findingIn(anew.filter(({ type }) => type !== "checkpoint"))).toMatchObject({ fault: "unsigned" });
  });
  test("another selection than the one that was recorded", async () => {
    const [head, ...rest] = PART;
    expect(await findingIn([{ ...head, selection: EVERYTHING } as ExportRecord, ...rest])).toMatchObject({
      fault: "left-out",
    });
  });
  test("an entry that nobody asked for", async () => {
    const all = madeRecords({ count: 30, every: 8 });
    const [head] = PART;
    expect(await findingIn([head!, ...all.slice(1)])).toEqual({ fault: "misplaced", entry: 1 });
  });
  test("something else altogether", async () => {
    for (const text of ["", "{}\n", "hello\n", '{"type":"end"}\n', "null\n"])
      expect(await verifyText(text)).toMatchObject({ whole: false, finding: { fault: "no-export" } });
    expect(await verifyText(Buffer.alloc(20 * 1024 * 1024, "x"))).toMatchObject({ finding: { fault: "unreadable" } });
  });
});
