import { api } from "#lib/web/api.ts";
import { byId, note } from "#lib/web/api-schemas.ts";
import { denyRequest } from "#lib/usecases/deny-request.ts";

export const POST = api({
  scope: "approvals:write",
  params: byId,
  body: note,
  run: ({ actor, db }, { params, body }) => denyRequest(actor, { requestId: params.id, ...body }, { db }),
});
