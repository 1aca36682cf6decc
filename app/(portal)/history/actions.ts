"use server";

import { z } from "zod";
import { Refused } from "#lib/domain/refusals.ts";
import { wholeChainState } from "#lib/queries/chain-state.ts";
import { action } from "#lib/web/action.ts";

/** Reads the whole history again, so only for those who watch over it. */
export const verifyHistoryAction = action(z.object({}), async (actor, _input, context) => {
  if (!actor.isAdmin && !actor.isAuditor) throw new Refused("not-allowed");
  return wholeChainState(context);
});
