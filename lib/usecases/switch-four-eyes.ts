import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { lockFourEyes, needsFourEyes, writeFourEyes } from "../db/four-eyes.ts";
import { databaseNow } from "../db/now.ts";
import { proposeSwitchingOff } from "../db/propose-widening.ts";

export type SwitchFourEyes = { readonly needed: boolean; readonly reason: string };

/**
 * Whether what gives more waits for a second person, from now on. Switching it on takes effect at once. Switching it off
 * gives every admin more, so it waits for a second one itself.
 */
export async function switchFourEyes(
  actor: Actor,
  input: SwitchFourEyes,
  { db }: { db: Db },
): Promise<{ needed: boolean; wideningId: string | null }> {
  if (!actor.isAdmin) throw new Refused("not-allowed");
  orRefuse(judgeReason(input.reason), "reason");
  return durably(db, async (tx) => {
    await lockFourEyes(tx);
    if ((await needsFourEyes(tx)) === input.needed) throw new Refused("four-eyes-unchanged");
    const now = await databaseNow(tx);
    const { reason } = input;
    if (!input.needed) {
      const wideningId = await proposeSwitchingOff(tx, actor, now, { reason, causeId: null, waitsAnyway: false });
      return { needed: true, wideningId };
    }
    await writeFourEyes(tx, actor, now, { needed: true, reason, causeId: null });
    return { needed: true, wideningId: null };
  });
}
