import { createHash, randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Db } from "../lib/db/client.ts";
import { SCOPES } from "../lib/domain/scope.ts";

const HOUR_MS = 3_600_000;

/** A session as signing in makes it. Gives the cookie's value. */
export async function mintSessionFor(db: Db, personId: string): Promise<string> {
  const token = randomBytes(32).toString("hex");
  await db.session.create({
    data: { id: newId(), tokenHash: hash(token), personId, expires: new Date(Date.now() + HOUR_MS) },
  });
  return token;
}

/** A bearer token that may do everything its person may. */
export async function mintTokenFor(
  db: Db,
  personId: string,
  changes: { expiresAt?: Date; revokedAt?: Date; scopes?: string[] } = {},
): Promise<string> {
  const token = `dp_${randomBytes(32).toString("base64url")}`;
  await db.apiToken.create({
    data: {
      id: newId(),
      personId,
      name: "minted",
      tokenHash: hash(token),
      scopes: [...SCOPES],
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 30 * 24 * HOUR_MS),
      ...changes,
    },
  });
  return token;
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
