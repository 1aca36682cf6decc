import { api } from "#lib/web/api.ts";
import { bySeq, changeRollback } from "#lib/web/api-schemas.ts";
import { answerRollback } from "#lib/web/answer-rollback.ts";

export const POST = api({
  scope: "roles:write",
  params: bySeq,
  body: changeRollback,
  run: (caller, { params, body }) =>
    answerRollback(caller, { ...body, aim: { kind: "change", seq: params.seq } }, `Back from change ${params.seq}`),
});
