import "server-only";
import { z } from "zod";
import type { RoleSpec } from "../../domain/role.ts";
import type { Difference } from "../../domain/role-difference.ts";
import type { WideningKind, WideningState } from "../../domain/widening.ts";
import type { Effect, Loss } from "../../queries/effects.ts";
import type { FourEyesState } from "../../queries/four-eyes-state.ts";
import type { RollbackPreview } from "../../queries/preview-rollback.ts";
import type { RoleDetail } from "../../queries/role-seen-by.ts";
import type { VersionRow } from "../../queries/role-versions.ts";
import type { RoleRow } from "../../queries/roles-for.ts";
import type { WideningRow } from "../../queries/widenings.ts";
import type { RolledBack } from "../../usecases/roll-back.ts";
import { entitlement, grantCard, nullableLevel, place } from "./access-answers.ts";
import { moment, named, oneOf, page } from "./answer.ts";
import { refusalCode } from "./problem-answer.ts";

const groups = { ownerGroup: z.string(), requesterGroup: z.string() };

const row = named(
  "Role",
  z.object({
    ...{ slug: z.string(), name: z.string(), summary: z.string(), version: z.int(), ...groups, maxMinutes: z.int() },
    ...{ entitlements: z.array(entitlement), mayAsk: z.boolean(), usualMinutesToDecision: z.number().nullable() },
    ownerGroupMissingSince: moment.nullable(),
  }),
) satisfies z.ZodType<RoleRow>;
export const rolePage = page("RolePage", row);

const spec = z.object({
  ...{ name: z.string(), summary: z.string(), ownerGroupId: z.uuid(), requesterGroupId: z.uuid() },
  ...{ approvalsNeeded: z.int(), maxMinutes: z.int(), decideWithinMinutes: z.int() },
  entitlements: z.array(entitlement),
}) satisfies z.ZodType<RoleSpec>;
const publication = { ...groups, version: z.int(), publishedAt: moment, publishedBy: z.string().nullable() };

export const roleDetail = named(
  "RoleDetail",
  spec.extend({
    ...{ id: z.uuid(), slug: z.string(), ...publication },
    ...{ owners: z.array(z.object({ id: z.uuid(), name: z.string() })), mayAsk: z.boolean(), mayEdit: z.boolean() },
    ownerGroupMissingSince: moment.nullable(),
    ...{ pendingRequestId: z.uuid().nullable(), waitingWideningId: z.uuid().nullable() },
    ...{ accounts: z.record(z.string(), z.string()), now: moment, openGrants: z.array(grantCard) },
  }),
) satisfies z.ZodType<RoleDetail>;

const version = named(
  "RoleVersion",
  spec.extend({
    ...{ ...publication, reason: z.string(), redactedAt: moment.nullable() },
    restores: z.int().nullable(),
    isCurrent: z.boolean(),
  }),
) satisfies z.ZodType<VersionRow>;
export const versionPage = page("RoleVersionPage", version);

/** The version in force afterwards, and what waits for a second person. */
const changed = z.object({ slug: z.string(), version: z.int(), wideningId: z.uuid().nullable() });
export const roleChanged = named("RoleChanged", changed);

const difference = named(
  "Difference",
  z.object({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
) satisfies z.ZodType<Difference>;
const loss = named(
  "Loss",
  z.object({
    ...{ grantId: z.uuid(), requestId: z.uuid(), personId: z.uuid(), personName: z.string(), bindingId: z.uuid() },
    ...{ place: z.object(place), from: nullableLevel.unwrap(), to: nullableLevel, follows: z.string() },
  }),
) satisfies z.ZodType<Loss>;
const outcome = { differences: z.array(difference), waiting: z.array(difference), narrowings: z.array(loss) };

export const roleRollback = named(
  "RoleRollback",
  z.union([changed, z.object({ expectedVersion: z.int(), ...outcome })]),
);

const effect = z.object({
  ...{ ...outcome, kept: z.record(z.string(), z.array(entitlement)), liveGrants: z.int() },
  ...{ waitingRequests: z.int(), widens: z.boolean() },
}) satisfies z.ZodType<Effect>;
const conflict = z.object({
  ...{ key: z.string(), what: z.string(), before: z.string(), after: z.string(), now: z.string() },
  choice: z.enum(["keep", "restore"]).nullable(),
});
const preview = z.object({
  aim: z.object({ kind: z.enum(["change", "point"]), seq: z.int() }),
  ...{ at: moment, sentence: z.string(), fourEyes: z.boolean().nullable(), stays: z.array(z.string()) },
  roles: z.array(effect.extend({ slug: z.string(), name: z.string(), version: z.int(), conflicts: z.array(conflict) })),
  ...{ basis: z.string(), undecided: z.int() },
}) satisfies z.ZodType<RollbackPreview>;
const rolledBack = z.object({
  ...{ seq: z.int(), roles: z.array(changed), fourEyesWideningId: z.uuid().nullable() },
}) satisfies z.ZodType<RolledBack>;

/** What would happen, or what did. */
export const rollback = named("Rollback", z.union([rolledBack, preview]));

const widening = named(
  "Widening",
  z.object({
    ...{
      id: z.uuid(),
      kind: oneOf<WideningKind>({ role: true, "four-eyes": true, retention: true }),
      days: z.int().nullable(),
    },
    state: oneOf<WideningState>({
      ...{ PENDING: true, APPROVED: true, DENIED: true, WITHDRAWN: true, EXPIRED: true, OVERTAKEN: true },
    }),
    ...{ roleSlug: z.string().nullable(), roleName: z.string().nullable(), baseVersion: z.int().nullable() },
    ...{ reason: z.string(), proposerId: z.uuid(), proposerName: z.string() },
    ...{ createdAt: moment, decideBy: moment, closedAt: moment.nullable() },
    ...{ decidedBy: z.string().nullable(), note: z.string(), deciders: z.array(z.string()) },
    ...{
      differences: z.array(difference),
      whyNotDecide: refusalCode.nullable(),
      mayWithdraw: z.boolean(),
      now: moment,
    },
  }),
) satisfies z.ZodType<WideningRow>;
export { widening };
export const wideningPage = page("WideningPage", widening);

export const fourEyesState = named(
  "FourEyes",
  z.object({ needed: z.boolean(), waitingId: z.uuid().nullable(), maySwitch: z.boolean() }),
) satisfies z.ZodType<FourEyesState>;
export const fourEyesSwitched = named(
  "FourEyesSwitched",
  z.object({ needed: z.boolean(), wideningId: z.uuid().nullable() }),
);
