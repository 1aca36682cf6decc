import "server-only";
import type { Scope } from "../domain/scope.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { hashToken } from "../identity/hash-token.ts";
import { Problem } from "./problem.ts";

type Holder = Viewer & { readonly tokenId: string; readonly scopes: readonly string[]; readonly usedLately: boolean };

/** Whose token this is. One statement, so an expired or revoked token and a deactivated person are out at once. */
export async function viewerOfToken(request: Request, scope: Scope | null, db: Db): Promise<Viewer> {
  // The case of the scheme does not matter; that of the token does, because it is hashed.
  const [, token] = /^Bearer +(dp_[\w-]{43})$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (!token) throw new Problem(401, "token-missing", "Send a token: Authorization: Bearer dp_…");
  const [holder] = await db.$queryRaw<Holder[]>`
    SELECT t.id AS "tokenId", t.scopes, t.last_used_at > daypass_now() - interval '1 minute' AS "usedLately",
      p.id AS "personId", p.name, p.email, p.is_admin AS "isAdmin", p.is_auditor AS "isAuditor"
    FROM api_token t JOIN person p ON p.id = t.person_id
    WHERE t.token_hash = ${hashToken(token)} AND t.expires_at > daypass_now() AND t.revoked_at IS NULL
      AND p.deactivated_at IS NULL`;
  if (!holder) throw new Problem(401, "token-invalid", "This token is unknown, expired or revoked.");
  if (scope && !holder.scopes.includes(scope))
    throw new Problem(403, "scope-missing", `This token does not have the scope ${scope}.`);
  if (!holder.usedLately)
    await db.$executeRaw`UPDATE api_token SET last_used_at = daypass_now() WHERE id = ${holder.tokenId}::uuid`;
  return holder;
}
