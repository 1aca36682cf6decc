import type { SystemActor } from "../domain/actor.ts";
import type { Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

/** Closes requests that nobody decided in time. Gives how many. */
export async function expireRequests(actor: SystemActor, { db }: { db: Db }): Promise<number> {
  return db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const expired = await tx.$queryRaw<
      { id: string; roleId: string; roleSlug: string; requesterId: string; requesterName: string }[]
    >`
      UPDATE access_request q SET state = 'EXPIRED', closed_at = ${now}, revision = revision + 1
      FROM role r, person p
      WHERE q.state = 'PENDING' AND q.decide_by <= ${now} AND r.id = q.role_id AND p.id = q.requester_id
      RETURNING q.id, q.role_id AS "roleId", r.slug AS "roleSlug", q.requester_id AS "requesterId",
        p.name AS "requesterName"`;
    await record(
      tx,
      actor,
      now,
      expired.map((request) => ({
        kind: "request.expired",
        about: { person: request.requesterName, role: request.roleSlug },
        personId: request.requesterId,
        roleId: request.roleId,
        requestId: request.id,
        before: { state: "PENDING" },
        after: { state: "EXPIRED" },
      })),
    );
    return expired.length;
  });
}
