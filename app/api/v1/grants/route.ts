import { api } from "#lib/web/api.ts";
import { grantsQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { grantsSeenBy } from "#lib/queries/grants-seen-by.ts";

export const GET = api({
  scope: "grants:read",
  query: grantsQuery,
  run: async ({ viewer, db }, { query: { cursor, limit, ...filter } }) =>
    pageOf(await grantsSeenBy(viewer, { ...filter, before: cursor, limit: limit + 1 }, { db }), limit, (row) => row.id),
});
