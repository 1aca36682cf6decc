import { changeWords } from "#lib/domain/change-words.ts";
import { api } from "#lib/web/api.ts";
import { historyQuery } from "#lib/web/api-schemas.ts";
import { askedOf } from "#lib/web/history-filters.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";

export const GET = api({
  scope: "history:read",
  query: historyQuery,
  run: async ({ viewer, db }, { query: { cursor, limit, ...filters } }) => {
    const asked = await askedOf(filters, { db });
    const rows = asked ? await historySeenBy(viewer, { ...asked, before: cursor, limit: limit + 1 }, { db }) : [];
    const page = pageOf(rows, limit, (row) => row.seq);
    return { ...page, items: page.items.map((entry) => ({ ...entry, sentence: changeWords(entry) })) };
  },
});
