import type { Actor } from "../domain/actor.ts";
import { judgeExtension } from "../domain/grant.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { readGrantCase } from "../db/read-grant-case.ts";
import { submitWithin, type SubmitRequest } from "./submit-request.ts";

export type ExtendGrant = Pick<SubmitRequest, "minutes" | "justification" | "ticket"> & { readonly grantId: string };

/**
 * Asks to go on where a live grant ends, without a gap: a request of its own, which the owners decide like any other. The
 * grant that comes of it starts at that moment, so nothing is cut and nothing runs on without a decision.
 */
export async function extendGrant(
  actor: Actor,
  { grantId, ...asked }: ExtendGrant,
  { db }: { db: Db },
): Promise<{ id: string }> {
  return durably(db, async (tx) => {
    // It cannot be taken back between what is judged here and the request that stands on it.
    await tx.$queryRaw`SELECT id FROM access_grant WHERE id = ${grantId}::uuid FOR SHARE`;
    const grant = await readGrantCase(tx, grantId);
    if (!grant) throw new Refused("not-found");
    orRefuse(judgeExtension(grant, actor.personId));
    return submitWithin(tx, actor, { ...asked, roleSlug: grant.roleSlug, startsAt: grant.endsAt }, grant.id);
  });
}
