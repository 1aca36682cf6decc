import { onChange } from "#lib/web/live.ts";
import { viewerOrNull } from "#lib/web/session.ts";

export const dynamic = "force-dynamic";

const BEAT_MS = 15_000;
/** Then the browser connects again, and who was signed out meanwhile is refused. */
const LONGEST_MS = 60_000;

/** Tells an open page that something changed; the page asks for what it may see. The news itself names nothing. */
export async function GET(request: Request): Promise<Response> {
  if (!(await viewerOrNull())) return new Response(null, { status: 401 });
  const encoder = new TextEncoder();
  let stop: () => void = () => undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const forget = onChange((notice) =>
        send(`event: change\ndata: ${notice === "reconnected" ? 0 : notice.seq}\n\n`),
      );
      const beat = setInterval(() => send(": beat\n\n"), BEAT_MS);
      const end = setTimeout(() => stop(), LONGEST_MS);
      stop = () => {
        forget();
        clearInterval(beat);
        clearTimeout(end);
        stop = () => undefined;
        controller.close();
      };
      request.signal.addEventListener("abort", () => stop());
      send("retry: 500\n\n");
    },
    cancel: () => stop(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
