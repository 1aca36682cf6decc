import { Refused } from "#lib/domain/refusals.ts";
import { metricFacts } from "#lib/queries/metric-facts.ts";
import { problemOf } from "#lib/web/api.ts";
import { viewerOfToken } from "#lib/web/bearer.ts";
import { webDb } from "#lib/web/db.ts";
import { METRICS_TYPE, metricsText } from "#lib/web/metrics.ts";
import { problemResponse } from "#lib/web/problem.ts";

export const dynamic = "force-dynamic";

/** For Prometheus: a token with the scope metrics:read, of an admin or an auditor. */
export async function GET(request: Request): Promise<Response> {
  try {
    const viewer = await viewerOfToken(request, "metrics:read", webDb());
    const facts = await metricFacts(viewer, { db: webDb() });
    if (!facts) throw new Refused("not-allowed");
    return new Response(await metricsText(facts), {
      headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" },
    });
  } catch (error) {
    return problemResponse(problemOf(error));
  }
}
