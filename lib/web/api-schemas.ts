import "server-only";
import { z } from "zod";
import { DRIFT_CURSOR } from "../queries/drift-found.ts";
import { SPANS, type Span } from "../domain/time-range.ts";
import { isZone } from "../domain/zone.ts";
import { PLACE_KINDS, type Level, type PlaceKind } from "../domain/entitlement.ts";
import { historyFilters, moment } from "./history-filters.ts";

/** The shapes that the API takes. Rules about their content are the use cases' own. */

export const byId = z.object({ id: z.uuid() });
export const bySlug = z.object({ slug: z.string().max(64) });
export const bySeq = z.object({ seq: z.coerce.number().int().min(1) });

const limit = z.coerce.number().int().min(1).max(100).default(50);
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

export const rolesQuery = z.object({ cursor: z.string().max(64).optional(), limit });

export const requestsQuery = z.object({
  mine: flag.optional(),
  awaiting: flag.optional(),
  state: z.enum(["PENDING", "APPROVED", "DENIED", "WITHDRAWN", "EXPIRED"]).optional(),
  role: z.string().max(64).optional(),
  cursor: z.uuid().optional(),
  limit,
});

export const grantsQuery = z.object({
  mine: flag.optional(),
  state: z
    .enum(["SCHEDULED", "ACTIVATING", "ACTIVE", "ENDING", "ENDED", "REVOKING", "REVOKED", "ACTIVATION_FAILED"])
    .optional(),
  role: z.string().max(64).optional(),
  cursor: z.uuid().optional(),
  limit,
});

export const historyQuery = historyFilters.extend({ cursor: z.coerce.number().int().min(1).optional(), limit });

export const driftQuery = z.object({
  kept: flag.optional(),
  cursor: z.string().regex(DRIFT_CURSOR).optional(),
  limit,
});

export const exportQuery = historyFilters.extend({
  format: z.enum(["jsonl", "csv", "evidence"]).default("jsonl"),
  quarter: z.string().max(16).optional(),
});

export const checkpointsQuery = historyQuery.pick({ cursor: true, limit: true });

export const accessQuery = z.object({
  place: z.string().max(255).optional(),
  person: z.uuid().optional(),
  at: moment.transform((text) => new Date(text)),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

export const dashboardQuery = z.object({
  range: z.enum(SPANS as readonly [Span, ...Span[]]).default("30d"),
  /** Whose days they are. */
  zone: z.string().max(64).refine(isZone, "No such time zone").default("UTC"),
});

export const newRequest = z.strictObject({
  role: z.string().max(64),
  minutes: z.number(),
  justification: z.string(),
  startsAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  ticket: z.string().optional(),
});

export const extension = newRequest.pick({ minutes: true, justification: true, ticket: true });

export const approval = z.strictObject({ minutes: z.number().optional(), note: z.string().optional() });
export const note = z.strictObject({ note: z.string().optional() });
export const nothing = z.strictObject({});
export const keeping = z.strictObject({
  until: z.string().describe("The last day, YYYY-MM-DD, in UTC"),
  reason: z.string(),
});
export const revocation = z.strictObject({ reason: z.string() });

const entitlement = z.strictObject({
  connection: z.string().min(1).max(64),
  kind: z.enum(PLACE_KINDS as readonly [PlaceKind, ...PlaceKind[]]),
  target: z.string().min(1).max(255),
  // Which levels exist depends on the kind; the rule of roles refuses what is unknown.
  level: z
    .string()
    .max(32)
    .transform((text) => text as Level),
});

export const roleSpec = z.strictObject({
  name: z.string(),
  summary: z.string().default(""),
  ownerGroup: z.string(),
  requesterGroup: z.string(),
  approvalsNeeded: z.number().default(1),
  maxMinutes: z.number(),
  decideWithinMinutes: z.number().default(24 * 60),
  entitlements: z.array(entitlement),
});

export const newRole = z.strictObject({ slug: z.string(), spec: roleSpec, reason: z.string() });
export const editedRole = z.strictObject({ spec: roleSpec, reason: z.string() });
export const rollback = z.strictObject({
  version: z.number(),
  dryRun: z.boolean().default(false),
  reason: z.string().optional(),
  /** The version in force that a preview was made against. */
  expectedVersion: z.number().optional(),
});

const basis = z.string().max(64).optional();

export const changeRollback = z.strictObject({
  dryRun: z.boolean().default(false),
  basis,
  reason: z.string().optional(),
  /** By role and field, as the preview names them. */
  choices: z.record(z.string().max(400), z.enum(["keep", "restore"])).optional(),
});

export const pointRollback = z.strictObject({
  to: z.number().optional(),
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  dryRun: z.boolean().default(false),
  basis,
  reason: z.string().optional(),
});

export const wideningsQuery = z.object({ awaiting: flag.optional(), cursor: z.uuid().optional(), limit });
export const retentionQuery = z.object({ days: z.coerce.number().optional() });
export const retention = z.strictObject({
  days: z.number().nullable().describe("After how many days personal fields are redacted; null keeps them for ever"),
  reason: z.string(),
  basis,
});
export const fourEyes = z.strictObject({ needed: z.boolean(), reason: z.string() });
