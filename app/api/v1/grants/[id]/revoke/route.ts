import { api } from "#lib/web/api.ts";
import { byId, revocation } from "#lib/web/api-schemas.ts";
import { revokeGrant } from "#lib/usecases/revoke-grant.ts";

export const POST = api({
  scope: "grants:write",
  params: byId,
  body: revocation,
  run: ({ actor, db }, { params, body }) => revokeGrant(actor, { grantId: params.id, ...body }, { db }),
});
