import { api } from "#lib/web/api.ts";
import { byId, keeping } from "#lib/web/api-schemas.ts";
import { keepUnknownAccess } from "#lib/usecases/keep-unknown-access.ts";

export const POST = api({
  scope: "grants:write",
  params: byId,
  body: keeping,
  run: ({ actor, db }, { params, body }) => keepUnknownAccess(actor, { accessId: params.id, ...body }, { db }),
});
