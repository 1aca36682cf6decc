import { createHash, randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Actor, HostActor } from "../domain/actor.ts";
import { afterMinutes } from "../domain/duration.ts";
import { Refused } from "../domain/refusals.ts";
import { isScope } from "../domain/scope.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

export const TOKEN_DAYS_MAX = 90;

export type CreateToken = { readonly name: string; readonly scopes: readonly string[]; readonly days: number };

/** Makes a bearer token for the acting person. The token itself is given once and never stored. */
export async function createToken(
  actor: Actor,
  input: CreateToken,
  { db }: { db: Db },
): Promise<{ id: string; token: string; expiresAt: Date }> {
  return issueToken(actor, actor, input, db);
}

/** The same from the host's shell, for the person with this e-mail address. */
export async function createTokenFromHost(
  actor: HostActor,
  input: CreateToken & { readonly email: string },
  { db }: { db: Db },
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const people = await db.person.findMany({ where: { email: input.email, deactivatedAt: null }, take: 2 });
  const [person] = people;
  if (!person || people.length > 1) throw new Refused("person-unknown", "email");
  return issueToken(actor, { personId: person.id, name: person.name }, input, db);
}

async function issueToken(
  actor: Actor | HostActor,
  owner: { personId: string; name: string },
  { name, scopes, days }: CreateToken,
  db: Db,
) {
  if (name.trim() === "" || name.length > 80) throw new Refused("token-name-invalid", "name");
  if (scopes.length === 0 || !scopes.every(isScope)) throw new Refused("scope-unknown", "scopes");
  if (!Number.isInteger(days) || days < 1 || days > TOKEN_DAYS_MAX) throw new Refused("token-days-invalid", "days");

  const token = `dp_${randomBytes(32).toString("base64url")}`;
  const id = newId();
  return durably(db, async (tx) => {
    const now = await databaseNow(tx);
    const expiresAt = afterMinutes(now, days * 24 * 60);
    await tx.apiToken.create({
      data: {
        id,
        personId: owner.personId,
        name: name.trim(),
        tokenHash: createHash("sha256").update(token).digest("hex"),
        scopes: [...new Set(scopes)],
        createdAt: now,
        expiresAt,
      },
    });
    await record(tx, actor, now, [
      {
        kind: "token.created",
        about: { person: owner.name, token: name.trim() },
        personId: owner.personId,
        after: { tokenId: id, scopes: [...scopes], expiresAt: expiresAt.toISOString() },
      },
    ]);
    return { id, token, expiresAt };
  });
}
