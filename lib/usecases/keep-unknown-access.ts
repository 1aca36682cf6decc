import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason } from "../domain/role.ts";
import { endOfDay, judgeKeeping, type AccessCase } from "../domain/unknown-access.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { accessEntries, accessSeen, readAccessCase } from "../db/read-access-case.ts";
import { record } from "../db/record.ts";

export type KeepUnknownAccess = {
  readonly accessId: string;
  /** The last day "YYYY-MM-DD", in UTC. */
  readonly until: string;
  readonly reason: string;
};

/** An owner of a role that gives the place, or an admin, records that access behind no grant may stay for a while. */
export async function keepUnknownAccess(
  actor: Actor,
  { accessId, until, reason }: KeepUnknownAccess,
  { db }: { db: Db },
): Promise<void> {
  await durably(db, async (tx) => {
    const access = await readAccessCase(tx, accessId);
    if (!access || !maySeeAccess(access, actor)) throw new Refused("not-found");
    const keptUntil = endOfDay(until);
    orRefuse(judgeKeeping(access, keptUntil, actor, access.now), "until");
    orRefuse(judgeReason(reason), "reason");

    const kept = { keptUntil, keptLevel: access.level, keptReason: reason, keptById: actor.personId };
    await tx.unknownAccess.update({ where: { id: access.id }, data: kept });
    const entries = accessEntries(access, {
      kind: "access.kept",
      why: reason,
      before: { keptUntil: access.keptUntil?.toISOString() ?? null },
      after: { ...accessSeen(access), keptUntil: keptUntil.toISOString() },
    });
    await record(tx, actor, access.now, entries);
  });
}

export function maySeeAccess({ ownerIds }: AccessCase, { personId, isAdmin, isAuditor }: Actor): boolean {
  return isAdmin || isAuditor || ownerIds.includes(personId);
}
