"use server";

import { z } from "zod";
import { approveWidening } from "#lib/usecases/approve-widening.ts";
import { denyWidening } from "#lib/usecases/deny-widening.ts";
import { withdrawWidening } from "#lib/usecases/withdraw-widening.ts";
import { action } from "#lib/web/action.ts";

const decision = z.object({
  wideningId: z.uuid(),
  verdict: z.enum(["approve", "deny"]),
  note: z.string().optional(),
});

export const decideWideningAction = action(decision, async (actor, { verdict, ...input }, context) => {
  if (verdict === "deny") await denyWidening(actor, input, context);
  else await approveWidening(actor, input, context);
});

export const withdrawWideningAction = action(z.object({ wideningId: z.uuid() }), withdrawWidening);
