import { changeWords } from "#lib/domain/change-words.ts";
import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { bySeq } from "#lib/web/api-schemas.ts";
import { historyEntry } from "#lib/queries/history-entry.ts";

export const GET = api({
  scope: "history:read",
  params: bySeq,
  run: async ({ viewer, db }, { params }) => {
    const found = await historyEntry(viewer, params.seq, { db });
    if (!found) throw new Refused("not-found");
    return { ...found, sentence: changeWords(found.entry) };
  },
});
