/** What people and providers wrote, made fit for plain text. Nothing here is markup; newlines and direction are the danger. */

// Controls, line and paragraph separators, and the marks that turn the direction of what follows.
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const UNSEEN_BUT_NEWLINE = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line without anything that ends a line: fit for a header. */
export function oneLine(text: string, longest = 120): string {
  const line = text.replaceAll(UNSEEN, " ").replaceAll(/ {2,}/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Somebody's own words, each line marked as theirs, so that they cannot pass for Daypass's. */
export function quoted(text: string): string {
  const lines = text
    .replaceAll(/\r\n?|\u2028|\u2029|\u0085/g, "\n")
    .replaceAll(UNSEEN_BUT_NEWLINE, "")
    .trim();
  return lines
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}

const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });

/** "Tue 24 Nov, 14:32 UTC". A mail does not know where it is read. */
export function moment(at: Date): string {
  return `${DAY.format(at).replace(",", "")}, ${clock(at)}`;
}

/** "14:32 UTC". */
export function clock(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}

/** "14:02:07 UTC, Tue 24 Nov". */
export function exactly(at: Date): string {
  return `${at.toISOString().slice(11, 19)} UTC, ${DAY.format(at).replace(",", "")}`;
}
