import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { byId } from "#lib/web/api-schemas.ts";
import { grantSeenBy } from "#lib/queries/grant-seen-by.ts";

export const GET = api({
  scope: "grants:read",
  params: byId,
  run: async ({ viewer, db }, { params }) => {
    const grant = await grantSeenBy(viewer, params.id, { db });
    if (!grant) throw new Refused("not-found");
    return grant;
  },
});
