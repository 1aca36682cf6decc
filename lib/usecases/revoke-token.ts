import type { Actor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

/** A person revokes their own token; an admin anybody's. It stops working with this commit. */
export async function revokeToken(actor: Actor, input: { tokenId: string }, { db }: { db: Db }): Promise<void> {
  await durably(db, async (tx) => {
    const token = await tx.apiToken.findUnique({ where: { id: input.tokenId }, include: { person: true } });
    if (!token || (token.personId !== actor.personId && !actor.isAdmin)) throw new Refused("not-found");
    const now = await databaseNow(tx);
    const { count } = await tx.apiToken.updateMany({
      where: { id: token.id, revokedAt: null },
      data: { revokedAt: now },
    });
    if (count === 0) return;
    await record(tx, actor, now, [
      {
        kind: "token.revoked",
        about: { person: token.person.name, token: token.name },
        personId: token.personId,
        before: { tokenId: token.id, expiresAt: token.expiresAt.toISOString() },
        after: { revokedAt: now.toISOString() },
      },
    ]);
  });
}
