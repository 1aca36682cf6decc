import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason } from "../domain/role.ts";
import { judgeRemoval } from "../domain/unknown-access.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { accessEntries, accessSeen, readAccessCase } from "../db/read-access-case.ts";
import { record } from "../db/record.ts";
import { wakeAccessRemoval } from "../db/wake.ts";
import { maySeeAccess } from "./keep-unknown-access.ts";

export type RemoveUnknownAccess = { readonly accessId: string; readonly reason: string };

/**
 * An owner of a role that gives the place, or an admin, has access behind no grant taken away. Only the worker calls it
 * removed, after it looked.
 */
export async function removeUnknownAccess(
  actor: Actor,
  { accessId, reason }: RemoveUnknownAccess,
  { db }: { db: Db },
): Promise<void> {
  await durably(db, async (tx) => {
    const access = await readAccessCase(tx, accessId);
    if (!access || !maySeeAccess(access, actor)) throw new Refused("not-found");
    orRefuse(judgeRemoval(access, actor));
    orRefuse(judgeReason(reason), "reason");

    const causeId = newId();
    await tx.unknownAccess.update({
      where: { id: access.id },
      data: { removalAskedAt: access.now, removalReason: reason, removalCauseId: causeId, dueAt: access.now },
    });
    await wakeAccessRemoval(tx, access.id);
    const asked = { id: causeId, kind: "access.removal-asked", why: reason, before: accessSeen(access) } as const;
    await record(tx, actor, access.now, accessEntries(access, asked));
  });
}
