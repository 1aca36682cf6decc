import type { Actor } from "../domain/actor.ts";
import { judgeRelease } from "../domain/grant.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { readGrantCase } from "../db/read-grant-case.ts";
import { record } from "../db/record.ts";
import { revokeGrantRows } from "../db/revoke-grant-rows.ts";

/** "I'm done": the holder gives the access back early. */
export async function releaseGrant(actor: Actor, input: { grantId: string }, { db }: { db: Db }): Promise<void> {
  await durably(db, async (tx) => {
    const grant = await readGrantCase(tx, input.grantId);
    if (!grant || grant.personId !== actor.personId) throw new Refused("not-found");
    orRefuse(judgeRelease(grant, actor.personId));
    const by = { reason: "Given back by its holder", byId: actor.personId, byName: actor.name };
    await record(tx, actor, grant.now, await revokeGrantRows(tx, grant, by));
  });
}
