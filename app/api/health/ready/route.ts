import { readiness } from "#lib/queries/readiness.ts";
import { webDb } from "#lib/web/db.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const state = await readiness({ db: webDb() }).catch(() => null);
  if (!state) return Response.json({ status: "database does not answer" }, { status: 503 });
  const ready = state.workers > 0 && state.unsynced === 0;
  return Response.json({ status: ready ? "ready" : "starting", ...state }, { status: ready ? 200 : 503 });
}
