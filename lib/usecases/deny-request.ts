import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { NOTE_MAX, judgeDecision, maySeeRequest } from "../domain/request.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { moveRequest } from "../db/move-request.ts";
import { readRequestCase } from "../db/read-request-case.ts";
import { record } from "../db/record.ts";

export type DenyRequest = { readonly requestId: string; readonly note?: string | undefined };

/** One denial ends a request, however many approvals it needs. */
export async function denyRequest(actor: Actor, input: DenyRequest, { db }: { db: Db }): Promise<void> {
  const note = input.note ?? "";
  if (note.length > NOTE_MAX) throw new Refused("note-too-long", "note");

  await durably(db, async (tx) => {
    const request = await readRequestCase(tx, input.requestId);
    if (!request || !maySeeRequest(request, actor)) throw new Refused("not-found");
    const decidedBy = request.decisions.map((decision) => decision.approverId);
    orRefuse(judgeDecision({ ...request, decidedBy }, actor.personId, request.now));

    await moveRequest(tx, request, "DENIED", request.now);
    await tx.decision.create({
      data: {
        id: newId(),
        requestId: request.id,
        approverId: actor.personId,
        verdict: "deny",
        minutes: null,
        note,
        decidedAt: request.now,
      },
    });
    await record(tx, actor, request.now, [
      {
        kind: "request.denied",
        about: { person: request.requesterName, role: request.roleSlug, approver: actor.name },
        personId: request.requesterId,
        roleId: request.roleId,
        requestId: request.id,
        why: note || null,
        before: { state: request.state },
        after: { state: "DENIED" },
      },
    ]);
  });
}
