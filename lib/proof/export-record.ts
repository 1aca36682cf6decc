import type { StoredChange } from "../domain/change.ts";
import type { Selection } from "../domain/selection.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";

/**
 * An export as JSON Lines: every line is the canonical JSON (RFC 8785) of one of these. Between the first entry after the
 * head or a checkpoint and the next checkpoint no number is missing: what was not selected is there as the hash of its
 * content alone. The last entry is the one that records the export.
 */
export type ExportRecord = HeadRecord | ChangeRecord | SkippedRecord | CheckpointRecord | EndRecord;

/** What the export's own entry says of it. */
export type ExportFacts = { readonly format: string; readonly selection: Selection; readonly entries: number };

export type HeadRecord = ExportFacts & {
  readonly type: "head";
  readonly daypass: "history";
  /** Entries of version 1 are their own committed form. */
  readonly version: 1 | 2;
  /** The id of the change that records this export. */
  readonly export: string;
};

export type ChangeRecord = {
  readonly type: "change";
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly change: StoredChange;
};

/** Entries from `seq` on that were not selected, each by its content hash. */
export type SkippedRecord = { readonly type: "skipped"; readonly seq: number; readonly contents: readonly string[] };

export type CheckpointRecord = SignedCheckpoint & { readonly type: "checkpoint" };

export type EndRecord = { readonly type: "end" };
