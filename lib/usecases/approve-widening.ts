import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { NOTE_MAX } from "../domain/request.ts";
import { judgeWideningApproval, maySeeWidening } from "../domain/widening.ts";
import type { Db, Tx } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { writeFourEyes } from "../db/four-eyes.ts";
import type { LockedRole } from "../db/lock-role.ts";
import { lockWidening } from "../db/lock-widening.ts";
import { closeWidening } from "../db/move-widening.ts";
import { publishVersion } from "../db/publish-version.ts";
import { lockRetention, writeRetention } from "../db/retention.ts";
import type { WideningRow } from "../db/read-widening-case.ts";

export type DecideWidening = { readonly wideningId: string; readonly note?: string | undefined };

/**
 * A second person lets a role give more, lets widening go without a second person, or lets personal fields be redacted.
 * What was proposed, exactly.
 */
export async function approveWidening(actor: Actor, input: DecideWidening, { db }: { db: Db }): Promise<void> {
  const note = input.note ?? "";
  if (note.length > NOTE_MAX) throw new Refused("note-too-long", "note");
  await durably(db, async (tx) => {
    const { widening, role } = await lockWidening(tx, input.wideningId);
    if (!widening || !maySeeWidening(widening, actor)) throw new Refused("not-found");
    orRefuse(judgeWideningApproval(widening, actor.personId, widening.now));

    const end = { kind: "widening.approved", to: "APPROVED", byId: actor.personId, note } as const;
    const id = await closeWidening(tx, actor, widening, end);
    await takeEffect(tx, actor, widening, role, id);
  });
}

async function takeEffect(tx: Tx, actor: Actor, widening: WideningRow, role: LockedRole | null, causeId: string) {
  const { kind, wanted, days, reason, restores, proposerId, now } = widening;
  if (kind === "four-eyes") {
    await writeFourEyes(tx, actor, now, { needed: false, reason, causeId });
    return;
  }
  if (kind === "retention" && days !== null) {
    const before = await lockRetention(tx);
    await writeRetention(tx, actor, now, { before, days, reason, causeId });
    return;
  }
  if (!role || !wanted || !("entitlements" in wanted)) throw new Refused("widening-overtaken");
  await publishVersion(tx, actor, role, {
    kind: "role.widened",
    spec: wanted,
    reason,
    publishedById: proposerId,
    restores,
    about: {},
    causeId,
  });
}
