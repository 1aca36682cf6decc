import { api } from "#lib/web/api.ts";
import { driftQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { driftCursor, driftFound } from "#lib/queries/drift-found.ts";

export const GET = api({
  scope: "grants:read",
  query: driftQuery,
  run: async ({ viewer, db }, { query: { cursor, limit, kept = false } }) => {
    const rows = await driftFound(viewer, { kept, before: cursor, limit: limit + 1 }, { db });
    return pageOf(rows, limit, driftCursor);
  },
});
