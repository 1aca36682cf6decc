/** What can be wrong with an export. */
export type Fault =
  | "bad-signature"
  | "changed"
  | "head-differs"
  | "held-otherwise"
  | "inserted"
  | "left-out"
  | "miscounted"
  | "missing"
  | "misplaced"
  | "no-export"
  | "rewritten"
  | "swapped"
  | "truncated"
  | "unknown-key"
  | "unproved"
  | "unreadable"
  | "unsigned";

/** Where it is wrong: the line of the file, from 1, and the entry, where one can be named. */
export type Finding = { readonly fault: Fault; readonly line: number; readonly entry: number | null };

export const FAULT_WORDS: Record<Fault, string> = {
  "bad-signature": "the signature of this checkpoint is not right",
  changed: "something in this entry was changed after it was written",
  "head-differs": "the first line says something else of this export than the entry that records it",
  "held-otherwise": "a checkpoint that was kept elsewhere signs another history up to here",
  inserted: "this does not belong here: it was put in afterwards, or stands twice",
  "left-out": "this export leaves nothing out by itself, so this entry was taken out",
  miscounted: "the number of entries is not the one that was exported",
  missing: "the entries before it are missing",
  misplaced: "this entry is none of those that were asked for",
  "no-export": "this is no export of a Daypass history",
  rewritten: "the entries since the checkpoint before were rewritten: another chain was signed here",
  swapped: "this entry stands where another belongs: the order was changed",
  truncated: "the file ends before the export does",
  "unknown-key": "this was signed with a key that was not given",
  unproved: "this summary says something else than the entries prove",
  unreadable: "this line is not as Daypass writes it",
  unsigned: "the last entries are not signed; export again when the worker has signed them",
};

export class Broken extends Error {
  readonly finding: Finding;
  constructor(fault: Fault, line: number, entry: number | null) {
    super(FAULT_WORDS[fault]);
    this.name = "Broken";
    this.finding = { fault, line, entry };
  }
}
