import { api } from "#lib/web/api.ts";
import { wideningsQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { wideningsAwaiting, wideningsSeenBy } from "#lib/queries/widenings.ts";

export const GET = api({
  scope: "roles:read",
  query: wideningsQuery,
  run: async ({ viewer, db }, { query: { awaiting, cursor, limit } }) => {
    const page = { limit: limit + 1, before: cursor };
    const rows = await (awaiting ? wideningsAwaiting : wideningsSeenBy)(viewer, page, { db });
    return pageOf(rows, limit, (row) => row.id);
  },
});
