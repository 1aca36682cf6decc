import { Refused, orRefuse } from "#lib/domain/refusals.ts";
import { judgeRetention } from "#lib/domain/retention.ts";
import { api } from "#lib/web/api.ts";
import { retention, retentionQuery } from "#lib/web/api-schemas.ts";
import { retentionPreview, retentionState } from "#lib/queries/retention.ts";
import { setRetention } from "#lib/usecases/set-retention.ts";

export const GET = api({
  scope: "history:read",
  query: retentionQuery,
  run: async ({ viewer, db }, { query: { days } }) => {
    const state = await retentionState(viewer, { db });
    if (!state) throw new Refused("not-found");
    if (days === undefined) return state;
    orRefuse(judgeRetention(days), "days");
    const preview = await retentionPreview(viewer, days, { db });
    return { ...state, ...(preview ? { preview } : {}) };
  },
});

export const POST = api({
  scope: "roles:write",
  body: retention,
  run: ({ actor, db }, { body }) => setRetention(actor, body, { db }),
});
