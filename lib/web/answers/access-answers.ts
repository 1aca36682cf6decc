import "server-only";
import { z } from "zod";
import type { Drift, Seen } from "../../domain/binding.ts";
import { PLACE_KINDS, type Entitlement, type Level, type PlaceKind } from "../../domain/entitlement.ts";
import type { GrantState } from "../../domain/grant.ts";
import type { AccessAt } from "../../queries/access-at.ts";
import type { DriftRow } from "../../queries/drift-found.ts";
import type { GrantCard } from "../../queries/grant-cards.ts";
import type { GrantDetail } from "../../queries/grant-seen-by.ts";
import type { AccessReceipt, Receipt } from "../../queries/receipts.ts";
import { moment, named, oneOf, page } from "./answer.ts";

const level = oneOf<Level>({
  ...{ guest: true, planner: true, reporter: true, developer: true, maintainer: true, owner: true },
  ...{ member: true, assume: true },
});
const kind = z.enum(PLACE_KINDS as [PlaceKind, ...PlaceKind[]]);
export const place = { connection: z.string(), kind, target: z.string() };
export const nullableLevel = level.nullable();

export const entitlement = named("Entitlement", z.object({ ...place, level })) satisfies z.ZodType<Entitlement>;

/** `until` is the provider's own expiry in its own form. */
const until = z.string().nullable();
const absent = z.object({ state: z.literal("absent") });
const seen = named(
  "Seen",
  z.discriminatedUnion("state", [absent, z.object({ state: z.literal("present"), level, until })]),
) satisfies z.ZodType<Seen>;

export const grantState = oneOf<GrantState>({
  ...{ SCHEDULED: true, ACTIVATING: true, ACTIVE: true, ENDING: true },
  ...{ ENDED: true, REVOKING: true, REVOKED: true, ACTIVATION_FAILED: true },
});
const drift = oneOf<Drift>({
  ...{ "removed-by-hand": true, "lowered-by-hand": true, "raised-by-hand": true },
  ...{ "extended-by-hand": true, "shortened-by-hand": true },
});
const attempts = { tries: z.int(), lastError: z.string().nullable() };
const grantPlace = z.object({
  ...{ ...place, level: nullableLevel, applied: z.boolean(), gone: z.boolean(), taken: z.boolean() },
  ...{ seen: seen.nullable(), drift: drift.nullable(), ...attempts },
});

export const grantCard = named(
  "Grant",
  z.object({
    ...{ id: z.uuid(), requestId: z.uuid(), state: grantState, personId: z.uuid(), personName: z.string() },
    ...{ roleSlug: z.string(), roleName: z.string(), minutes: z.int() },
    ...{ startsAt: moment, activeAt: moment.nullable(), endsAt: moment, endingAt: moment.nullable() },
    ...{ closedAt: moment.nullable(), endReason: z.string().nullable(), failure: z.string().nullable() },
    ...{ isExtended: z.boolean(), places: z.array(grantPlace) },
  }),
) satisfies z.ZodType<GrantCard>;

const binding = z.object({
  ...{ id: z.uuid(), ...place, level: nullableLevel, appliedAt: moment.nullable(), goneAt: moment.nullable() },
  ...{ takenAt: moment.nullable() },
  ...{ account: z.string().nullable(), baseline: seen.nullable(), seen: seen.nullable(), seenAt: moment.nullable() },
  ...{ drift: drift.nullable(), ...attempts, owedSince: moment.nullable(), dueAt: moment.nullable() },
  ...{ connectionDownSince: moment.nullable(), otherGrants: z.int() },
});
const receipt = z.object({
  ...{ id: z.uuid(), action: z.enum(["apply", "remove", "restore"]), asked: seen },
  ...{ answer: z.object({ status: z.int(), words: z.string() }), readBack: seen, at: moment },
}) satisfies z.ZodType<Receipt>;

export const accessReceipt = named(
  "AccessReceipt",
  receipt.extend({ kind, target: z.string(), account: z.string(), personName: z.string().nullable() }),
) satisfies z.ZodType<AccessReceipt>;

export const grantDetail = named(
  "GrantDetail",
  grantCard.extend({
    redactedAt: moment.nullable(),
    ...{ justification: z.string(), approvers: z.array(z.string()), revokedBy: z.string().nullable() },
    ...{
      mayRelease: z.boolean(),
      mayRevoke: z.boolean(),
      bindings: z.array(binding),
      receipts: z.array(receipt.extend({ bindingId: z.uuid() })),
    },
    now: moment,
  }),
) satisfies z.ZodType<GrantDetail>;

export const grantPage = page("GrantPage", grantCard);

/** Access as it is found: a level that Daypass does not know is null. */
const shown = z.discriminatedUnion("state", [
  absent,
  z.object({ state: z.literal("present"), level: nullableLevel, until }),
]);
const finding = oneOf<DriftRow["drift"]>({
  ...{ "removed-by-hand": true, "lowered-by-hand": true, "raised-by-hand": true },
  ...{ "extended-by-hand": true, "shortened-by-hand": true },
  ...{ "unknown-access": true, "place-missing": true, "place-unclear": true },
  ...{ "account-renamed": true, "account-missing": true },
});
const found = named(
  "Finding",
  z.object({
    ...{ id: z.uuid(), drift: finding, at: moment },
    ...{ connection: z.string(), kind: kind.nullable(), target: z.string().nullable() },
    ...{ personName: z.string().nullable(), account: z.string().nullable(), formerly: z.string().nullable() },
    ...{ before: shown.nullable(), seen: shown.nullable(), grantId: z.uuid().nullable() },
    ...{ keptUntil: moment.nullable(), keptBy: z.string().nullable(), keptReason: z.string().nullable() },
    ...{ removalAskedAt: moment.nullable(), mayDecide: z.boolean(), ...attempts },
    found: z.string().nullable(),
  }),
) satisfies z.ZodType<DriftRow>;

export const findingPage = page("FindingPage", found);

const accessAt = z.object({
  ...{ ...place, personId: z.uuid(), person: z.string(), level, until, since: moment, seq: z.int() },
  grants: z.array(z.object({ id: z.uuid(), role: z.string() })),
}) satisfies z.ZodType<AccessAt>;

export const accessList = named("AccessAt", z.object({ items: z.array(accessAt) }));
