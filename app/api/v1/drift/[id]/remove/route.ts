import { api } from "#lib/web/api.ts";
import { byId, revocation } from "#lib/web/api-schemas.ts";
import { removeUnknownAccess } from "#lib/usecases/remove-unknown-access.ts";

export const POST = api({
  scope: "grants:write",
  params: byId,
  body: revocation,
  run: ({ actor, db }, { params, body }) => removeUnknownAccess(actor, { accessId: params.id, ...body }, { db }),
});
