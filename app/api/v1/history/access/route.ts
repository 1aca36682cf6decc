import { api } from "#lib/web/api.ts";
import { accessQuery } from "#lib/web/api-schemas.ts";
import { accessAt } from "#lib/queries/access-at.ts";

export const GET = api({
  scope: "history:read",
  query: accessQuery,
  run: async ({ viewer, db }, { query }) => ({ items: await accessAt(viewer, query, { db }) }),
});
