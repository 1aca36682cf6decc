import { api } from "#lib/web/api.ts";
import { byId, extension } from "#lib/web/api-schemas.ts";
import { extendGrant } from "#lib/usecases/extend-grant.ts";

export const POST = api({
  scope: "requests:write",
  params: byId,
  body: extension,
  status: 201,
  run: ({ actor, db }, { params, body }) => extendGrant(actor, { grantId: params.id, ...body }, { db }),
});
