import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

export type TokenRow = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
};

/** The viewer's tokens that still work. */
export async function myTokens(viewer: Viewer, { db }: { db: Db }): Promise<TokenRow[]> {
  return db.$queryRaw<TokenRow[]>`
    SELECT id, name, scopes, expires_at AS "expiresAt", last_used_at AS "lastUsedAt" FROM api_token
    WHERE person_id = ${viewer.personId}::uuid AND revoked_at IS NULL AND expires_at > daypass_now()
    ORDER BY created_at DESC`;
}
