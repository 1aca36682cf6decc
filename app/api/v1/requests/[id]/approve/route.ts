import { api } from "#lib/web/api.ts";
import { approval, byId } from "#lib/web/api-schemas.ts";
import { approveRequest } from "#lib/usecases/approve-request.ts";

export const POST = api({
  scope: "approvals:write",
  params: byId,
  body: approval,
  run: ({ actor, db }, { params, body }) => approveRequest(actor, { requestId: params.id, ...body }, { db }),
});
