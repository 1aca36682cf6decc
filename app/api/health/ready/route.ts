import { setTimeout as pause } from "node:timers/promises";
import { readiness } from "#lib/queries/readiness.ts";
import { webDb } from "#lib/web/db.ts";

export const dynamic = "force-dynamic";

/** A database that neither answers nor refuses must not keep whoever asks waiting. */
const ANSWER_WITHIN_MS = 3_000;

export async function GET(): Promise<Response> {
  const state = await Promise.race([
    readiness({ db: webDb() }).catch(() => null),
    pause(ANSWER_WITHIN_MS, null, { ref: false }),
  ]);
  if (!state) return Response.json({ status: "database does not answer" }, { status: 503 });
  const ready = state.workers > 0 && state.unsynced === 0;
  return Response.json({ status: ready ? "ready" : "starting", ...state }, { status: ready ? 200 : 503 });
}
