import { setTimeout as pause } from "node:timers/promises";
import { lateDetails, readiness } from "#lib/queries/readiness.ts";
import { problemOf } from "#lib/web/api.ts";
import { viewerOfToken } from "#lib/web/bearer.ts";
import { webDb } from "#lib/web/db.ts";
import { problemResponse } from "#lib/web/problem.ts";

export const dynamic = "force-dynamic";

/** A database that neither answers nor refuses must not keep whoever asks waiting. */
const ANSWER_WITHIN_MS = 3_000;

/** Open to everybody, and names nobody; with a token that may read metrics also who should have lost what. */
export async function GET(request: Request): Promise<Response> {
  const state = await Promise.race([
    readiness({ db: webDb() }).catch(() => null),
    pause(ANSWER_WITHIN_MS, null, { ref: false }),
  ]);
  if (!state) return Response.json({ status: "database does not answer" }, { status: 503 });
  const ready = state.workers > 0 && state.unsynced === 0;
  try {
    const details = await detailsFor(request);
    return Response.json({ status: ready ? "ready" : "starting", ...state, ...details }, { status: ready ? 200 : 503 });
  } catch (error) {
    return problemResponse(problemOf(error));
  }
}

async function detailsFor(request: Request): Promise<object> {
  if (!request.headers.has("authorization")) return {};
  const viewer = await viewerOfToken(request, "metrics:read", webDb());
  const late = await lateDetails(viewer, { db: webDb() });
  return late ? { late } : {};
}
