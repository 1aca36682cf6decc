import type { Actor, SystemActor } from "../domain/actor.ts";
import { isLive } from "../domain/grant.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason } from "../domain/role.ts";
import type { Db, Tx } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { withdrawWideningsOf } from "../db/move-widening.ts";
import { readGrantCase } from "../db/read-grant-case.ts";
import { record, type Entry } from "../db/record.ts";
import { revokeGrantRows } from "../db/revoke-grant-rows.ts";

export type DeactivatePerson = { readonly personId: string; readonly reason: string };

/**
 * Takes everything from a person at once: sessions, tokens, waiting requests and proposals, live grants and approver duty (which
 * follows from the flag). Idempotent: the first signal wins and later ones change nothing.
 */
export async function deactivatePerson(
  actor: Actor | SystemActor,
  input: DeactivatePerson,
  { db }: { db: Db },
): Promise<void> {
  if ("personId" in actor && !actor.isAdmin) throw new Refused("not-allowed");
  orRefuse(judgeReason(input.reason), "reason");
  await durably(db, async (tx) => {
    const now = await databaseNow(tx);
    const person = await tx.person.findUnique({ where: { id: input.personId } });
    if (!person) throw new Refused("person-unknown");
    const { count } = await tx.person.updateMany({
      where: { id: person.id, deactivatedAt: null },
      data: { deactivatedAt: now },
    });
    if (count === 0) return;

    await tx.session.deleteMany({ where: { personId: person.id } });
    await tx.apiToken.updateMany({ where: { personId: person.id, revokedAt: null }, data: { revokedAt: now } });
    const requests = await withdrawAll(tx, person, now);
    const grants = await revokeAll(tx, person.id, input.reason, actor);
    const widenings = await withdrawWideningsOf(tx, person.id, now);
    await record(tx, actor, now, [
      {
        kind: "person.deactivated",
        about: { person: person.name },
        personId: person.id,
        why: input.reason,
        before: { deactivatedAt: null },
        after: { deactivatedAt: now.toISOString() },
      },
      ...requests,
      ...grants,
      ...widenings,
    ]);
  });
}

/** Only what this very statement moved: what an approval took at the same moment was not withdrawn. */
async function withdrawAll(tx: Tx, person: { id: string; name: string }, now: Date): Promise<Entry[]> {
  const withdrawn = await tx.$queryRaw<{ id: string; roleId: string; roleSlug: string }[]>`
    UPDATE access_request q SET state = 'WITHDRAWN', revision = q.revision + 1, closed_at = ${now}
    FROM role r
    WHERE r.id = q.role_id AND q.requester_id = ${person.id}::uuid AND q.state = 'PENDING'
    RETURNING q.id, q.role_id AS "roleId", r.slug AS "roleSlug"`;
  return withdrawn.map(({ id, roleId, roleSlug }) => ({
    kind: "request.withdrawn",
    about: { person: person.name, role: roleSlug },
    personId: person.id,
    roleId,
    requestId: id,
    before: { state: "PENDING" },
    after: { state: "WITHDRAWN" },
  }));
}

async function revokeAll(tx: Tx, personId: string, reason: string, actor: Actor | SystemActor): Promise<Entry[]> {
  const live = await tx.grant.findMany({
    where: { personId, state: { in: ["SCHEDULED", "ACTIVATING", "ACTIVE"] } },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  const entries: Entry[] = [];
  for (const { id } of live) {
    const grant = await readGrantCase(tx, id);
    // One that went on from another was taken back with it.
    if (!grant || !isLive(grant.state)) continue;
    const byId = "personId" in actor ? actor.personId : null;
    entries.push(...(await revokeGrantRows(tx, grant, { reason, byId, byName: actor.name })));
  }
  return entries;
}
