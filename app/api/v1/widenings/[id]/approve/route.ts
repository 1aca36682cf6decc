import { api } from "#lib/web/api.ts";
import { byId, note } from "#lib/web/api-schemas.ts";
import { approveWidening } from "#lib/usecases/approve-widening.ts";

export const POST = api({
  scope: "approvals:write",
  params: byId,
  body: note,
  run: ({ actor, db }, { params, body }) => approveWidening(actor, { wideningId: params.id, ...body }, { db }),
});
