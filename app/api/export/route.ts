import { z } from "zod";
import { Refused } from "#lib/domain/refusals.ts";
import { exportQuery } from "#lib/web/api-schemas.ts";
import { webDb } from "#lib/web/db.ts";
import { exportHistory } from "#lib/web/export-history.ts";
import { isFromOurPages, seeOther } from "#lib/web/own-form.ts";
import { Problem, problemResponse } from "#lib/web/problem.ts";
import { problemOf } from "#lib/web/api.ts";
import { viewerOrNull } from "#lib/web/session.ts";
import { historyAddress, readSearch } from "#lib/web/history-search.ts";

const form = z.object({
  format: exportQuery.shape.format.catch("jsonl"),
  quarter: z.string().max(16).optional(),
});

/** The files that people take out of the history from its pages. What is refused brings them back, and says why. */
export async function POST(request: Request): Promise<Response> {
  if (!isFromOurPages(request))
    return problemResponse(new Problem(403, "not-allowed", "Send this from Daypass's own page."));
  const viewer = await viewerOrNull();
  if (!viewer) return seeOther("/sign-in?callbackUrl=%2Fhistory");
  const sent = Object.fromEntries(await request.formData());
  const { search, filters } = readSearch(sent);
  if (!filters) return seeOther(historyAddress(search));
  try {
    return await exportHistory(viewer, "web", { ...filters, ...form.parse(sent) }, { db: webDb() });
  } catch (error) {
    if (error instanceof Refused) return seeOther(historyAddress(search, { refused: error.code }));
    return problemResponse(problemOf(error));
  }
}
