import { changeStream } from "#lib/web/change-stream.ts";
import { viewerOrNull } from "#lib/web/session.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  if (!(await viewerOrNull())) return new Response(null, { status: 401 });
  return new Response(changeStream(request.signal), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      // A connection that idles after its stream ended would keep the process from ending.
      connection: "close",
    },
  });
}
