import type { SystemActor } from "../domain/actor.ts";
import type { Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { expireOverdueWidenings } from "../db/move-widening.ts";
import { record, type Entry } from "../db/record.ts";

type Expired = {
  readonly id: string;
  readonly roleId: string;
  readonly roleSlug: string;
  readonly requesterId: string;
  readonly requesterName: string;
};

/** Closes requests and proposals that nobody decided in time. Gives how many. A round that finds none writes nothing. */
export async function expireRequests(actor: SystemActor, { db }: { db: Db }): Promise<number> {
  const [{ isAny }] = await db.$queryRaw<[{ isAny: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM access_request WHERE state = 'PENDING' AND decide_by <= now)
      OR EXISTS (SELECT 1 FROM widening WHERE state = 'PENDING' AND decide_by <= now) AS "isAny"
    FROM (SELECT daypass_now() AS now OFFSET 0) AS clock`;
  if (!isAny) return 0;
  return db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const expired = await tx.$queryRaw<Expired[]>`
      UPDATE access_request q SET state = 'EXPIRED', closed_at = ${now}, revision = revision + 1
      FROM role r, person p
      WHERE q.state = 'PENDING' AND q.decide_by <= ${now} AND r.id = q.role_id AND p.id = q.requester_id
      RETURNING q.id, q.role_id AS "roleId", r.slug AS "roleSlug", q.requester_id AS "requesterId",
        p.name AS "requesterName"`;
    const widenings = await expireOverdueWidenings(tx, now);
    await record(tx, actor, now, [...expired.map(entryOf), ...widenings]);
    return expired.length + widenings.length;
  });
}

function entryOf({ id, roleId, roleSlug, requesterId, requesterName }: Expired): Entry {
  return {
    kind: "request.expired",
    about: { person: requesterName, role: roleSlug },
    personId: requesterId,
    roleId,
    requestId: id,
    before: { state: "PENDING" },
    after: { state: "EXPIRED" },
  };
}
