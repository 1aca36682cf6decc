import { api } from "#lib/web/api.ts";
import { driftFound } from "#lib/queries/drift-found.ts";

export const GET = api({
  scope: "grants:read",
  run: async ({ viewer, db }) => ({ items: await driftFound(viewer, { db }), nextCursor: null }),
});
