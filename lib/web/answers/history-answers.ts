import "server-only";
import { z } from "zod";
import type { ChangeKind } from "../../domain/change.ts";
import { CHANGE_TITLES } from "../../domain/change-words.ts";
import type { HistoryEntryDetail } from "../../queries/history-entry.ts";
import type { HistoryEntry } from "../../queries/history-seen-by.ts";
import { accessReceipt } from "./access-answers.ts";
import type { RetentionPreview, RetentionState } from "../../queries/retention.ts";
import { json, moment, named, page } from "./answer.ts";

const KINDS = Object.keys(CHANGE_TITLES) as [ChangeKind, ...ChangeKind[]];
const id = z.uuid().nullable();

const entry = named(
  "Change",
  z.object({
    ...{ seq: z.int(), hash: z.string(), id: z.uuid(), at: z.iso.datetime(), kind: z.enum(KINDS) },
    actor: z.object({ kind: z.enum(["person", "system", "host"]), id, name: z.string(), via: z.string() }),
    about: z.record(z.string(), json),
    ...{ personId: id, roleId: id, requestId: id, grantId: id, bindingId: id, causeId: id },
    ...{ why: z.string().nullable(), before: json, after: json, redactedAt: moment.nullable() },
  }),
) satisfies z.ZodType<HistoryEntry>;

const sentence = { sentence: z.string() };
export const historyPage = page("ChangePage", named("ChangeInWords", entry.extend(sentence)));

export const historyDetail = named(
  "ChangeDetail",
  z.object({
    ...{ entry, cause: entry.nullable(), caused: z.array(entry), names: z.record(z.string(), z.string()) },
    receipt: accessReceipt.nullable(),
    ...sentence,
  }),
) satisfies z.ZodType<HistoryEntryDetail>;

const checkpoint = named(
  "Checkpoint",
  z.object({
    ...{ seq: z.int(), hash: z.string(), previous: z.int().nullable(), at: z.iso.datetime() },
    ...{ key: z.string(), signature: z.string() },
  }),
);
const key = z.object({
  ...{ id: z.string(), publicKey: z.string(), firstUsedAt: moment, algorithm: z.literal("Ed25519") },
});
export const checkpointPage = named(
  "CheckpointPage",
  z.object({ keys: z.array(key), items: z.array(checkpoint), nextCursor: z.string().nullable() }),
);

const run = z.object({ seq: z.int(), at: moment, entries: z.int(), isDone: z.boolean() });
const retentionPreview = z.object({
  ...{ days: z.int(), entries: z.int(), from: moment.nullable(), to: moment.nullable() },
  ...{ kept: z.int(), unsalted: z.int() },
}) satisfies z.ZodType<RetentionPreview>;
const retentionFacts = z.object({
  ...{ days: z.int().nullable(), basis: z.string(), waitingId: z.uuid().nullable(), maySet: z.boolean() },
  needsSecond: z.boolean(),
  lastRun: run.nullable(),
}) satisfies z.ZodType<RetentionState>;
export const retentionState = named("Retention", retentionFacts.extend({ preview: retentionPreview.optional() }));
export const retentionSet = named(
  "RetentionSet",
  z.object({ days: z.int().nullable(), wideningId: z.uuid().nullable() }),
);

/** A file, not a document: JSON Lines, CSV or an evidence pack. */
export const exported = named("Export", z.string());

export const me = named(
  "Me",
  z.object({
    ...{ id: z.uuid(), name: z.string(), email: z.string(), isAdmin: z.boolean(), isAuditor: z.boolean() },
  }),
);
export const description = named("OpenApi", z.looseObject({ openapi: z.literal("3.1.0") }));
