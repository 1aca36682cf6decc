"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { approveRequest } from "#lib/usecases/approve-request.ts";
import { denyRequest } from "#lib/usecases/deny-request.ts";
import { submitRequest } from "#lib/usecases/submit-request.ts";
import { withdrawRequest } from "#lib/usecases/withdraw-request.ts";
import { action } from "#lib/web/action.ts";

/** A number as it was typed; what is no number is left for the rule of minutes to refuse. */
const typedNumber = z.string().transform((text) => (text.trim() === "" ? Number.NaN : Number(text)));

const request = z.object({
  roleSlug: z.string().max(64),
  length: z.string(),
  exact: typedNumber.optional(),
  justification: z.string(),
  ticket: z.string().optional(),
  startsAt: z.string().optional(),
});

export const submitRequestAction = action(request, async (actor, { length, exact, startsAt, ...asked }, context) => {
  const minutes = length === "exact" ? (exact ?? Number.NaN) : Number(length);
  const { id } = await submitRequest(
    actor,
    { ...asked, minutes, ticket: asked.ticket || null, startsAt: startsAt ? new Date(startsAt) : null },
    context,
  );
  redirect(`/requests/${id}`);
});

const decision = z.object({
  requestId: z.uuid(),
  verdict: z.enum(["approve", "deny"]),
  minutes: typedNumber.optional(),
  note: z.string().optional(),
});

export const decideRequestAction = action(decision, async (actor, { verdict, requestId, minutes, note }, context) => {
  if (verdict === "deny") await denyRequest(actor, { requestId, note }, context);
  else await approveRequest(actor, { requestId, minutes, note }, context);
});

export const withdrawRequestAction = action(z.object({ requestId: z.uuid() }), withdrawRequest);
