import "server-only";
import type { Change } from "../domain/change.ts";
import { changeWords } from "../domain/change-words.ts";

type Entry = Change & { readonly seq: number; readonly hash: string };

const COLUMNS: readonly (readonly [heading: string, value: (entry: Entry) => string | number | null])[] = [
  ["number", (entry) => entry.seq],
  ["at (UTC)", (entry) => entry.at],
  ["what happened", (entry) => changeWords(entry)],
  ["why", (entry) => entry.why],
  ["kind", (entry) => entry.kind],
  ["by", (entry) => entry.actor.name],
  ["by id", (entry) => entry.actor.id],
  ["door", (entry) => entry.actor.via],
  ["person id", (entry) => entry.personId],
  ["role id", (entry) => entry.roleId],
  ["request id", (entry) => entry.requestId],
  ["grant id", (entry) => entry.grantId],
  ["before", (entry) => jsonOf(entry.before)],
  ["after", (entry) => jsonOf(entry.after)],
  ["hash", (entry) => entry.hash],
];

/** Spreadsheets read UTF-8 as something else without the mark. */
export const CSV_HEAD = `\uFEFF${lineOf(COLUMNS.map(([heading]) => heading))}`;

export function csvLine(entry: Entry): string {
  return lineOf(COLUMNS.map(([, value]) => value(entry)));
}

function lineOf(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

/** Text that a spreadsheet would run as a formula begins with an apostrophe; every text is quoted (RFC 4180). */
function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function jsonOf(value: Change["before"]): string | null {
  return value === null ? null : JSON.stringify(value);
}
