"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { typedNumber } from "#lib/domain/duration.ts";
import { approveRequest } from "#lib/usecases/approve-request.ts";
import { denyRequest } from "#lib/usecases/deny-request.ts";
import { extendGrant } from "#lib/usecases/extend-grant.ts";
import { submitRequest } from "#lib/usecases/submit-request.ts";
import { withdrawRequest } from "#lib/usecases/withdraw-request.ts";
import { action } from "#lib/web/action.ts";

const typed = z.string().transform(typedNumber);

const asked = z.object({
  length: z.string(),
  exact: typed.optional(),
  justification: z.string(),
  ticket: z.string().optional(),
});
type Asked = z.infer<typeof asked>;

function askedFor({ length, exact, justification, ticket }: Asked) {
  const minutes = length === "exact" ? (exact ?? Number.NaN) : typedNumber(length);
  return { minutes, justification, ticket: ticket || null };
}

const request = asked.extend({ roleSlug: z.string().max(64), startsAt: z.string().optional() });

export const submitRequestAction = action(request, async (actor, { roleSlug, startsAt, ...rest }, context) => {
  const when = startsAt ? new Date(startsAt) : null;
  const { id } = await submitRequest(actor, { roleSlug, startsAt: when, ...askedFor(rest) }, context);
  redirect(`/requests/${id}`);
});

export const extendGrantAction = action(
  asked.extend({ grantId: z.uuid() }),
  async (actor, { grantId, ...rest }, context) => {
    const { id } = await extendGrant(actor, { grantId, ...askedFor(rest) }, context);
    redirect(`/requests/${id}`);
  },
);

const decision = z.object({
  requestId: z.uuid(),
  verdict: z.enum(["approve", "deny"]),
  minutes: typed.optional(),
  note: z.string().optional(),
});

export const decideRequestAction = action(decision, async (actor, { verdict, requestId, minutes, note }, context) => {
  if (verdict === "deny") await denyRequest(actor, { requestId, note }, context);
  else await approveRequest(actor, { requestId, minutes, note }, context);
});

export const withdrawRequestAction = action(z.object({ requestId: z.uuid() }), withdrawRequest);
