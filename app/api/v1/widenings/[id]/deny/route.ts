import { api } from "#lib/web/api.ts";
import { byId, note } from "#lib/web/api-schemas.ts";
import { denyWidening } from "#lib/usecases/deny-widening.ts";

export const POST = api({
  scope: "approvals:write",
  params: byId,
  body: note,
  run: ({ actor, db }, { params, body }) => denyWidening(actor, { wideningId: params.id, ...body }, { db }),
});
