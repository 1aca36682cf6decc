import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { byId } from "#lib/web/api-schemas.ts";
import { requestSeenBy } from "#lib/queries/request-seen-by.ts";

export const GET = api({
  scope: "requests:read",
  params: byId,
  run: async ({ viewer, db }, { params }) => {
    const request = await requestSeenBy(viewer, params.id, { db });
    if (!request) throw new Refused("not-found");
    return request;
  },
});
