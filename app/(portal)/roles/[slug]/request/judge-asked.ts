import { typedNumber } from "#lib/domain/duration.ts";
import { judgeSubmission } from "#lib/domain/request.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";

/** What of a filled form would be refused, and the field that it belongs to. The server judges it again with the rest. */
export function judgeAsked(
  form: FormData,
  maxMinutes: number,
  now: Date,
): { words: string; field: string | undefined } | null {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const length = text("length") === "exact" ? text("exact") : text("length");
  const verdict = judgeSubmission(
    { maxMinutes, ...NOBODY_IN_THE_WAY },
    {
      minutes: typedNumber(length),
      justification: text("justification"),
      ticket: text("ticket") || null,
      startsAt: text("startsAt") ? new Date(text("startsAt")) : null,
    },
    now,
  );
  return verdict.allowed ? null : { words: REFUSALS[verdict.code].words, field: verdict.field };
}

/** The page has said already what stands in the way of any request. */
const NOBODY_IN_THE_WAY = {
  approvalsNeeded: 0,
  requesterId: "",
  ownerIds: [],
  connectionsWithoutAccount: [],
  pendingForSameRole: false,
};
