import { describe, expect, test } from "vitest";
import { checkpointEvent } from "../siem/checkpoint-event.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import type { ExportRecord } from "./export-record.ts";
import { readHeld } from "./held-checkpoints.ts";
import { KEY, KEYS, OTHER_KEY, linesOf, madeChange, madeRecords } from "./testing/made-export.ts";
import { verifyExport } from "./verify-export.ts";

const TOLD = madeRecords({ count: 30, every: 8 });
/** Whoever has the key and the database tells the third entry otherwise, and signs everything anew. */
const RETOLD = madeRecords({
  count: 30,
  every: 8,
  changes: Array.from({ length: 30 }, (_, i) => madeChange(i + 1, i === 2 ? { after: { n: 999 } } : {})),
});
const PART = madeRecords({ count: 30, every: 8, selection: { of: "history", filter: { roleId: "payments" } } });

const signedIn = (records: readonly ExportRecord[]): SignedCheckpoint[] =>
  records.flatMap((record) => {
    if (record.type !== "checkpoint") return [];
    const { type: _, ...signed } = record;
    return [signed];
  });
const read = (texts: readonly string[]) =>
  readHeld(
    texts.map((text, i) => ({ text, number: i + 1 })),
    KEYS,
  );
const bare = (signed: SignedCheckpoint) => JSON.stringify(signed);
const sent = (signed: SignedCheckpoint) => checkpointEvent(signed).json;
const verify = async (records: readonly ExportRecord[], texts: readonly string[]) =>
  verifyExport(linesOf(records), KEYS, undefined, await read(texts));

test.each([
  ["as the API lists them", bare],
  ["as a SIEM got them", sent],
])("an export goes through the checkpoints that were kept, %s", async (_, form) => {
  const texts = signedIn(TOLD).map(form);
  expect(await verify(TOLD, texts)).toMatchObject({ whole: true, found: { agreeing: texts.length } });
  // The entry that records another export is another one.
  const before = texts.slice(0, -1);
  expect(await verify(PART, before)).toMatchObject({ whole: true, found: { agreeing: before.length } });
  expect(await verify(TOLD, [])).toMatchObject({ whole: true, found: { agreeing: 0 } });
});

test("a history that was rewritten and signed anew is whole by itself, and not beside what was kept", async () => {
  const kept = signedIn(TOLD).map(sent);
  expect(await verify(RETOLD, signedIn(RETOLD).map(sent))).toMatchObject({ whole: true });
  expect(await verify(RETOLD, kept)).toMatchObject({ whole: false, finding: { fault: "held-otherwise", entry: 8 } });
  expect(await verify(RETOLD, kept.slice(-1))).toMatchObject({ whole: false, finding: { fault: "held-otherwise" } });
});

describe("what was kept is not believed unseen", () => {
  const [first] = signedIn(TOLD) as [SignedCheckpoint];
  const { signature: _signature, key: _key, ...unsigned } = first;
  test.each([
    [
      "another signature",
      bare({ ...first, signature: KEY.sign({ ...unsigned, seq: 9 }).signature }),
      /line 1 is not signed/,
    ],
    ["another hash", bare({ ...first, hash: "00".repeat(32) }), /line 1 is not signed/],
    ["another key", bare(OTHER_KEY.sign(unsigned)), /line 1 is not signed/],
    ["no checkpoint", "{}", /neither a checkpoint nor an event/],
    ["no JSON", "seq 8", /neither a checkpoint nor an event/],
  ])("%s", async (_name, text, words) => {
    await expect(read([text])).rejects.toThrow(words);
  });

  test("two that differ", async () => {
    const texts = [bare(first), bare(KEY.sign({ ...unsigned, hash: "00".repeat(32) }))];
    await expect(read(texts)).rejects.toThrow("two kept checkpoints sign different histories");
  });

  test("other events beside them are passed over", async () => {
    expect((await read([`{"class_uid":3007}`, sent(first)])).size).toBe(1);
  });
});
