import { z } from "zod";
import { canonicalJson, isCanonicalJson } from "../domain/change.ts";
import { OUTCOME_NAMES } from "../domain/outcome.ts";
import type { ChangeRecord, ExportRecord } from "./export-record.ts";
import { Broken } from "./finding.ts";
import type { Line } from "./read-lines.ts";

export type Parsed = { readonly record: ExportRecord; readonly text: string; readonly line: number };

/** Each record with the one after it, because order is judged by both. */
export async function* recordsOf(
  lines: AsyncIterable<Line> | Iterable<Line>,
): AsyncGenerator<readonly [Parsed, Parsed | null]> {
  let held: Parsed | null = null;
  let fault: unknown = null;
  try {
    for await (const line of lines) {
      const parsed = parse(line);
      if (held) yield [held, parsed];
      held = parsed;
    }
  } catch (error) {
    fault = error;
  }
  // What is before a broken line is judged first, so that the first fault is the one that is named.
  if (held) yield [held, null];
  if (fault) throw fault as Error;
}

/** The canonical text of the change in a record: in its own canonical text `change` comes first. */
export function bodyIn({ change: _change, ...rest }: ChangeRecord, text: string): string {
  const start = '{"change":';
  return text.slice(start.length, text.length - canonicalJson(rest).length);
}

/** A line that is not exactly the canonical JSON of what it says was not written by Daypass. */
function parse({ text, number }: Line): Parsed {
  try {
    const value = JSON.parse(text) as ExportRecord;
    if (isCanonicalJson(text, value) && isRecord(value)) return { record: value, text, line: number };
  } catch {
    // Falls through: what cannot be read is named the same way.
  }
  throw new Broken(number === 1 ? "no-export" : "unreadable", number, null);
}

const FIELDS: Record<ExportRecord["type"], readonly string[]> = {
  head: ["daypass", "entries", "export", "format", "selection", "type", "version"],
  change: ["change", "hash", "prevHash", "seq", "type"],
  skipped: ["contents", "seq", "type"],
  checkpoint: ["at", "hash", "key", "previous", "seq", "signature", "type"],
  end: ["type"],
};

function isRecord(value: ExportRecord): boolean {
  if (typeof value !== "object" || value === null || !Object.hasOwn(FIELDS, value.type)) return false;
  if (Object.keys(value).sort().join() !== FIELDS[value.type].join()) return false;
  if (value.type === "head") return head.safeParse(value).success;
  if (value.type === "end") return true;
  if (!Number.isSafeInteger(value.seq) || value.seq < 1) return false;
  if (value.type === "skipped") return Array.isArray(value.contents) && value.contents.every(isHash);
  if (value.type === "checkpoint") return isHash(value.hash) && isSignature(value.signature);
  return isHash(value.hash) && isHash(value.prevHash) && isChange(value.change);
}

const text = z.string().optional();
const head = z.object({
  daypass: z.literal("history"),
  version: z.literal([1, 2]),
  export: z.string(),
  entries: z.int().min(0),
  selection: z.discriminatedUnion("of", [
    z.strictObject({
      of: z.literal("history"),
      filter: z.strictObject({
        ...{ kind: text, personId: text, actorId: text, roleId: text, requestId: text, grantId: text },
        ...{ words: text, outcome: z.enum(OUTCOME_NAMES).optional(), provider: z.enum(["gitlab", "aws"]).optional() },
        target: text,
        ...{ since: text, until: text, seenBy: text },
      }),
    }),
    z.strictObject({ of: z.literal("request"), requestId: z.string() }),
    z.strictObject({ of: z.literal("quarter"), quarter: z.string() }),
  ]),
});

/** As far as the walk looks into it. What else is in it is covered by its hash. */
function isChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { at, kind, actor, about } = value as Record<string, unknown>;
  const areObjects = [actor, about].every((part) => typeof part === "object" && part !== null);
  return typeof at === "string" && typeof kind === "string" && areObjects;
}

function isHash(text: unknown): boolean {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}

/** Written in one way only: 64 bytes in base64url. */
function isSignature(text: unknown): boolean {
  return typeof text === "string" && Buffer.from(text, "base64url").toString("base64url") === text;
}
