import { api } from "#lib/web/api.ts";
import { exportQuery } from "#lib/web/api-schemas.ts";
import { exportHistory } from "#lib/web/export-history.ts";

export const GET = api({
  scope: "history:read",
  query: exportQuery,
  run: ({ viewer, db }, { query }) => exportHistory(viewer, "api", query, { db }),
});
