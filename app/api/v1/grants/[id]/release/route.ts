import { api } from "#lib/web/api.ts";
import { byId, nothing } from "#lib/web/api-schemas.ts";
import { releaseGrant } from "#lib/usecases/release-grant.ts";

export const POST = api({
  scope: "grants:write",
  params: byId,
  body: nothing,
  run: ({ actor, db }, { params }) => releaseGrant(actor, { grantId: params.id }, { db }),
});
