import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeWideningWithdrawal } from "../domain/widening.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { lockWidening } from "../db/lock-widening.ts";
import { closeWidening } from "../db/move-widening.ts";

/** Whoever proposed it thinks better of it. */
export async function withdrawWidening(actor: Actor, input: { wideningId: string }, { db }: { db: Db }): Promise<void> {
  await durably(db, async (tx) => {
    const { widening } = await lockWidening(tx, input.wideningId);
    if (!widening) throw new Refused("not-found");
    orRefuse(judgeWideningWithdrawal(widening, actor.personId));
    await closeWidening(tx, actor, widening, { kind: "widening.withdrawn", to: "WITHDRAWN", byId: null, note: "" });
  });
}
