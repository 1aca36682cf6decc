import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { NOTE_MAX } from "../domain/request.ts";
import { judgeWideningDecision, maySeeWidening } from "../domain/widening.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { lockWidening } from "../db/lock-widening.ts";
import { closeWidening } from "../db/move-widening.ts";
import type { DecideWidening } from "./approve-widening.ts";

/** What was proposed does not happen. The rest of the same edit stays in force. */
export async function denyWidening(actor: Actor, input: DecideWidening, { db }: { db: Db }): Promise<void> {
  const note = input.note ?? "";
  if (note.length > NOTE_MAX) throw new Refused("note-too-long", "note");
  await durably(db, async (tx) => {
    const { widening } = await lockWidening(tx, input.wideningId);
    if (!widening || !maySeeWidening(widening, actor)) throw new Refused("not-found");
    orRefuse(judgeWideningDecision(widening, actor.personId, widening.now));
    await closeWidening(tx, actor, widening, { kind: "widening.denied", to: "DENIED", byId: actor.personId, note });
  });
}
