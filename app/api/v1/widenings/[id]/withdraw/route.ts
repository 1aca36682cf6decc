import { api } from "#lib/web/api.ts";
import { byId, nothing } from "#lib/web/api-schemas.ts";
import { withdrawWidening } from "#lib/usecases/withdraw-widening.ts";

export const POST = api({
  scope: "roles:write",
  params: byId,
  body: nothing,
  run: ({ actor, db }, { params }) => withdrawWidening(actor, { wideningId: params.id }, { db }),
});
