import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { pointRollback } from "#lib/web/api-schemas.ts";
import { answerRollback } from "#lib/web/answer-rollback.ts";
import { pointAt } from "#lib/queries/point-at.ts";

export const POST = api({
  scope: "roles:write",
  body: pointRollback,
  run: async (caller, { body: { to, at, ...body } }) => {
    if (!caller.actor.isAdmin) throw new Refused("not-allowed");
    const seq = to ?? (at ? await pointAt(at, caller) : null);
    if (seq === null) throw new Refused("point-unknown", to === undefined ? "at" : "to");
    return answerRollback(caller, { ...body, aim: { kind: "point", seq } }, `Back to change ${seq}`);
  },
});
