"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Refused } from "#lib/domain/refusals.ts";
import { wholeChainState } from "#lib/queries/chain-state.ts";
import { rollBack } from "#lib/usecases/roll-back.ts";
import { action } from "#lib/web/action.ts";

/** Reads the whole history again, so only for those who watch over it. */
export const verifyHistoryAction = action(z.object({}), async (actor, _input, context) => {
  if (!actor.isAdmin && !actor.isAuditor) throw new Refused("not-allowed");
  return wholeChainState(context);
});

const choices = z.string().transform((text, context) => {
  const parsed = z.record(z.string(), z.enum(["keep", "restore"])).safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  context.addIssue("What was chosen cannot be read.");
  return z.NEVER;
});

const rollback = z.object({
  kind: z.enum(["change", "point"]),
  seq: z.string().transform(Number),
  basis: z.string(),
  choices,
  reason: z.string(),
});

export const rollBackAction = action(rollback, async (actor, { kind, seq, ...input }, context) => {
  try {
    const done = await rollBack(actor, { aim: { kind, seq }, ...input }, context);
    redirect(`/history/${done.seq}`);
  } catch (error) {
    // A preview that something overtook is shown again as it is now, together with the refusal.
    if (error instanceof Refused && (error.code === "preview-stale" || error.code === "conflict-undecided")) refresh();
    throw error;
  }
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
