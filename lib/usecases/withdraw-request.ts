import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeWithdrawal } from "../domain/request.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { moveRequest } from "../db/move-request.ts";
import { readRequestCase } from "../db/read-request-case.ts";
import { record } from "../db/record.ts";

export async function withdrawRequest(actor: Actor, input: { requestId: string }, { db }: { db: Db }): Promise<void> {
  await durably(db, async (tx) => {
    const request = await readRequestCase(tx, input.requestId);
    if (!request) throw new Refused("not-found");
    orRefuse(judgeWithdrawal(request, actor.personId));

    await moveRequest(tx, request, "WITHDRAWN", request.now);
    await record(tx, actor, request.now, [
      {
        kind: "request.withdrawn",
        about: { person: request.requesterName, role: request.roleSlug },
        personId: request.requesterId,
        roleId: request.roleId,
        requestId: request.id,
        before: { state: request.state },
        after: { state: "WITHDRAWN" },
      },
    ]);
  });
}
