import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { NOTE_MAX, approvalsThatCount, judgeApproval, maySeeRequest } from "../domain/request.ts";
import { intersect } from "../domain/role.ts";
import type { Db, Tx } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { createGrant } from "../db/create-grant.ts";
import { moveRequest } from "../db/move-request.ts";
import { readRequestCase, type RequestCase } from "../db/read-request-case.ts";
import { record, type Entry } from "../db/record.ts";

export type ApproveRequest = {
  readonly requestId: string;
  /** A shorter time than was asked for; left out, the time that was asked for. */
  readonly minutes?: number | undefined;
  readonly note?: string | undefined;
};

/** What came of one approval: the request waits for more approvers, or a grant exists. */
export type Approved = { readonly state: "PENDING" } | { readonly state: "APPROVED"; readonly grantId: string };

export async function approveRequest(actor: Actor, input: ApproveRequest, { db }: { db: Db }): Promise<Approved> {
  const note = input.note ?? "";
  if (note.length > NOTE_MAX) throw new Refused("note-too-long", "note");

  return durably(db, async (tx) => {
    const request = await readRequestCase(tx, input.requestId);
    if (!request || !maySeeRequest(request, actor)) throw new Refused("not-found");
    const minutes = input.minutes ?? request.minutes;
    const decidedBy = request.decisions.map((decision) => decision.approverId);
    orRefuse(judgeApproval({ ...request, decidedBy }, actor.personId, minutes, request.now), "minutes");
    const entitlements = intersect(request.pinned, request.current);
    if (entitlements.length === 0) throw new Refused("role-changed");

    const before = approvalsThatCount(request.decisions, request);
    const approvals = before.length + 1;
    const state = approvals >= request.approvalsNeeded ? "APPROVED" : "PENDING";
    await moveRequest(tx, request, state, request.now);
    await insertDecision(tx, request, actor, minutes, note);
    const approval = approvalEntry(request, actor, note, { state, minutes, approvals });
    if (state === "PENDING") {
      await record(tx, actor, request.now, [approval]);
      return { state: "PENDING" };
    }

    const allowed = Math.min(minutes, ...before.map((decision) => decision.minutes));
    const { grantId, entry } = await createGrant(tx, request, entitlements, allowed);
    await record(tx, actor, request.now, [approval, { ...entry, causeId: approval.id }]);
    return { state: "APPROVED", grantId };
  });
}

async function insertDecision(tx: Tx, request: RequestCase, actor: Actor, minutes: number, note: string) {
  await tx.$executeRaw`
    INSERT INTO decision (id, request_id, approver_id, verdict, minutes, note, decided_at)
    VALUES (${newId()}::uuid, ${request.id}::uuid, ${actor.personId}::uuid, 'approve', ${minutes}, ${note},
      ${request.now})`;
}

function approvalEntry(
  request: RequestCase,
  actor: Actor,
  note: string,
  after: { state: "PENDING" | "APPROVED"; minutes: number; approvals: number },
) {
  return {
    id: newId(),
    kind: "request.approved",
    about: { person: request.requesterName, role: request.roleSlug, approver: actor.name, minutes: after.minutes },
    personId: request.requesterId,
    roleId: request.roleId,
    requestId: request.id,
    why: note || null,
    before: { state: request.state, minutes: request.minutes },
    after,
  } as const satisfies Entry;
}
