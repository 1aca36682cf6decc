import { z } from "zod";
import { Refused } from "#lib/domain/refusals.ts";
import { exportQuery } from "#lib/web/api-schemas.ts";
import { webDb } from "#lib/web/db.ts";
import { exportHistory } from "#lib/web/export-history.ts";
import { isFromOurPages, seeOther } from "#lib/web/own-form.ts";
import { Problem, problemResponse } from "#lib/web/problem.ts";
import { problemOf } from "#lib/web/api.ts";
import { viewerOrNull } from "#lib/web/session.ts";
import { filterFrom, historyAddress, historySearch } from "#lib/web/history-search.ts";

const day = z.iso.date().or(z.literal("")).catch("");
const form = z.object({
  format: exportQuery.shape.format.catch("jsonl"),
  quarter: z.string().max(16).optional(),
  sinceDay: day.default(""),
  untilDay: day.default(""),
});

/** The files that people take out of the history from its pages. What is refused brings them back, and says why. */
export async function POST(request: Request): Promise<Response> {
  if (!isFromOurPages(request))
    return problemResponse(new Problem(403, "not-allowed", "Send this from Daypass's own page."));
  const viewer = await viewerOrNull();
  if (!viewer) return seeOther("/sign-in?callbackUrl=%2Fhistory");
  const sent = Object.fromEntries(await request.formData());
  const search = historySearch.parse(sent);
  const { format, quarter, sinceDay, untilDay } = form.parse(sent);
  try {
    const filter = await filterFrom(search);
    if (!filter) throw new Refused("not-found");
    const order = { ...onlySet(filter), format, ...rangeOf(sinceDay, untilDay), ...(quarter ? { quarter } : {}) };
    return await exportHistory(viewer, "web", order, { db: webDb() });
  } catch (error) {
    if (error instanceof Refused) return seeOther(historyAddress(search, { refused: error.code }));
    return problemResponse(problemOf(error));
  }
}

function onlySet(filter: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Whole days, UTC, the last one included. */
function rangeOf(since: string, until: string): { since?: string; until?: string } {
  const start = (text: string, days: number) =>
    new Date(Date.parse(`${text}T00:00:00.000Z`) + days * 86_400_000).toISOString();
  return { ...(since ? { since: start(since, 0) } : {}), ...(until ? { until: start(until, 1) } : {}) };
}
