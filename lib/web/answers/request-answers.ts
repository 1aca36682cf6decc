import "server-only";
import { z } from "zod";
import type { RequestState } from "../../domain/request.ts";
import type { RequestDetail } from "../../queries/request-seen-by.ts";
import type { RequestRow } from "../../queries/request-rows.ts";
import type { Approved } from "../../usecases/approve-request.ts";
import { entitlement, grantCard, grantState } from "./access-answers.ts";
import { moment, named, oneOf, page } from "./answer.ts";
import { refusalCode } from "./problem-answer.ts";

const state = oneOf<RequestState>({ PENDING: true, APPROVED: true, DENIED: true, WITHDRAWN: true, EXPIRED: true });

const row = named(
  "Request",
  z.object({
    ...{ id: z.uuid(), state, roleSlug: z.string(), roleName: z.string(), roleVersion: z.int() },
    ...{ requesterId: z.uuid(), requesterName: z.string(), minutes: z.int(), justification: z.string() },
    redactedAt: moment.nullable(),
    ...{ ticket: z.string().nullable(), startsAt: moment.nullable(), extendsId: z.uuid().nullable() },
    ...{ createdAt: moment, decideBy: moment, closedAt: moment.nullable() },
    ...{ grantId: z.uuid().nullable(), grantState: grantState.nullable(), grantedMinutes: z.int().nullable() },
    ...{ entitlements: z.array(entitlement), deciders: z.array(z.string()) },
  }),
) satisfies z.ZodType<RequestRow>;

const decision = z.object({
  ...{ approverId: z.uuid(), approverName: z.string(), verdict: z.enum(["approve", "deny"]) },
  ...{ minutes: z.int().nullable(), note: z.string(), decidedAt: moment },
});

export const requestDetail = named(
  "RequestDetail",
  row.extend({
    ...{ decisions: z.array(decision), approvalsNeeded: z.int(), lapsedApprovers: z.array(z.string()) },
    grant: grantCard.nullable(),
    ...{ whyNotDecide: refusalCode.nullable(), mayWithdraw: z.boolean() },
    ...{ accounts: z.record(z.string(), z.string()), earlier: z.array(row), now: moment },
  }),
) satisfies z.ZodType<RequestDetail>;

export const requestPage = page("RequestPage", row);
export const requestMade = named("RequestMade", z.object({ id: z.uuid() }));

export const approved = named(
  "Approved",
  z.discriminatedUnion("state", [
    z.object({ state: z.literal("PENDING") }),
    z.object({ state: z.literal("APPROVED"), grantId: z.uuid() }),
  ]),
) satisfies z.ZodType<Approved>;
