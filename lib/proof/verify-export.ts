import type { KeyObject } from "node:crypto";
import type { Proved } from "../domain/evidence.ts";
import { openChange } from "../domain/personal.ts";
import type { HeadRecord } from "./export-record.ts";
import { Broken, type Finding } from "./finding.ts";
import { bodyIn, recordsOf, type Parsed } from "./parse-record.ts";
import type { Line } from "./read-lines.ts";
import { Walk, type Held, type VerifiedExport } from "./walk.ts";

export type ExportVerdict =
  { readonly whole: true; readonly found: VerifiedExport } | { readonly whole: false; readonly finding: Finding };

/**
 * Checks an export line by line, with nothing but public keys, by their ids. Memory does not grow with the file. `onChange`
 * is given every entry once it is proved to be linked, though not yet signed. `held`: checkpoints that were kept elsewhere.
 */
export async function verifyExport(
  lines: AsyncIterable<Line> | Iterable<Line>,
  keys: ReadonlyMap<string, KeyObject>,
  onChange: (proved: Proved) => void = () => undefined,
  held: Held = new Map(),
): Promise<ExportVerdict> {
  try {
    return { whole: true, found: await walk(recordsOf(lines), (head) => new Walk(head, keys, held), onChange) };
  } catch (error) {
    if (error instanceof Broken) return { whole: false, finding: error.finding };
    throw error;
  }
}

async function walk(
  records: AsyncIterable<readonly [Parsed, Parsed | null]>,
  begin: (head: HeadRecord) => Walk,
  onChange: (proved: Proved) => void,
): Promise<VerifiedExport> {
  let walked: Walk | undefined;
  let last = 0;
  for await (const [{ record, text, line }, next] of records) {
    last = line;
    if (walked?.isEnded) throw new Broken("inserted", line, null);
    if (walked === undefined) {
      if (record.type !== "head") throw new Broken("no-export", line, null);
      walked = begin(record);
    } else if (record.type === "change") {
      walked.change(record, bodyIn(record, text), line, next?.record ?? null);
      onChange({ seq: record.seq, change: openChange(record.change) });
    } else if (record.type === "skipped") walked.skipped(record, line);
    else if (record.type === "checkpoint") walked.checkpoint(record, line);
    else if (record.type === "end") walked.end(line);
    else throw new Broken("inserted", line, null);
  }
  if (!walked) throw new Broken("no-export", 1, null);
  if (!walked.isEnded) throw new Broken("truncated", last + 1, null);
  return walked.found(last);
}
