import { latenessWords } from "#lib/domain/lateness.ts";
import { Refused } from "#lib/domain/refusals.ts";
import { dashboard } from "#lib/queries/dashboard/dashboard.ts";
import { api } from "#lib/web/api.ts";
import { dashboardQuery } from "#lib/web/api-schemas.ts";

export const GET = api({
  scope: "grants:read",
  query: dashboardQuery,
  run: async ({ viewer, db }, { query: { range: span, zone } }) => {
    const figures = await dashboard(viewer, { span, zone }, { db });
    if (!figures) throw new Refused("not-found");
    const { range, flow, lateness, ...rest } = figures;
    const { counts, ...lately } = lateness;
    const words = latenessWords();
    return {
      ...rest,
      range: { span, zone, since: range.since, daysPerBar: range.daysPerBar },
      flow: { all: flow.all, bars: flow.bars.map((bar, i) => ({ day: range.days[i], ...bar })) },
      lateness: { ...lately, bars: counts.map((removals, i) => ({ afterEnd: words[i], removals })) },
    };
  },
});
