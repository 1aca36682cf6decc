import type { Actor } from "../domain/actor.ts";
import { judgeRevocation } from "../domain/grant.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { readGrantCase, type GrantCase } from "../db/read-grant-case.ts";
import { record } from "../db/record.ts";
import { revokeGrantRows } from "../db/revoke-grant-rows.ts";

export type RevokeGrant = { readonly grantId: string; readonly reason: string };

/** An owner of the role or an admin takes the access back early. */
export async function revokeGrant(actor: Actor, input: RevokeGrant, { db }: { db: Db }): Promise<void> {
  await durably(db, async (tx) => {
    const grant = await readGrantCase(tx, input.grantId);
    if (!grant || !maySee(grant, actor)) throw new Refused("not-found");
    orRefuse(judgeRevocation(grant, actor));
    orRefuse(judgeReason(input.reason), "reason");
    const by = { reason: input.reason, byId: actor.personId, byName: actor.name };
    await record(tx, actor, grant.now, await revokeGrantRows(tx, grant, by));
  });
}

function maySee(grant: GrantCase, actor: Actor): boolean {
  return (
    actor.isAdmin || actor.isAuditor || grant.personId === actor.personId || grant.ownerIds.includes(actor.personId)
  );
}
