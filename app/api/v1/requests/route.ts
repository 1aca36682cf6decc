import { api } from "#lib/web/api.ts";
import { newRequest, requestsQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { requestsAwaiting } from "#lib/queries/requests-awaiting.ts";
import { requestsSeenBy } from "#lib/queries/requests-seen-by.ts";
import { submitRequest } from "#lib/usecases/submit-request.ts";

export const GET = api({
  scope: "requests:read",
  query: requestsQuery,
  run: async ({ viewer, db }, { query: { awaiting, cursor, limit, ...filter } }) => {
    const rows = awaiting
      ? await requestsAwaiting(viewer, { limit: limit + 1, after: cursor ?? null }, { db })
      : await requestsSeenBy(viewer, { ...filter, before: cursor, limit: limit + 1 }, { db });
    return pageOf(rows, limit, (row) => row.id);
  },
});

export const POST = api({
  scope: "requests:write",
  body: newRequest,
  status: 201,
  run: ({ actor, db }, { body: { role, ...asked } }) => submitRequest(actor, { roleSlug: role, ...asked }, { db }),
});
