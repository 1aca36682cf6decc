import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { fourEyes } from "#lib/web/api-schemas.ts";
import { fourEyesState } from "#lib/queries/four-eyes-state.ts";
import { switchFourEyes } from "#lib/usecases/switch-four-eyes.ts";

export const GET = api({
  scope: "roles:read",
  run: async ({ viewer, db }) => {
    const state = await fourEyesState(viewer, { db });
    if (!state) throw new Refused("not-found");
    return state;
  },
});

export const POST = api({
  scope: "roles:write",
  body: fourEyes,
  run: ({ actor, db }, { body }) => switchFourEyes(actor, body, { db }),
});
