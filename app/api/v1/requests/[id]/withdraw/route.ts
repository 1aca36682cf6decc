import { api } from "#lib/web/api.ts";
import { byId, nothing } from "#lib/web/api-schemas.ts";
import { withdrawRequest } from "#lib/usecases/withdraw-request.ts";

export const POST = api({
  scope: "requests:write",
  params: byId,
  body: nothing,
  run: ({ actor, db }, { params }) => withdrawRequest(actor, { requestId: params.id }, { db }),
});
