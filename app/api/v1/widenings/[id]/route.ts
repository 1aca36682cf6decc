import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { byId } from "#lib/web/api-schemas.ts";
import { wideningSeenBy } from "#lib/queries/widenings.ts";

export const GET = api({
  scope: "roles:read",
  params: byId,
  run: async ({ viewer, db }, { params }) => {
    const widening = await wideningSeenBy(viewer, params.id, { db });
    if (!widening) throw new Refused("not-found");
    return widening;
  },
});
