import "server-only";
import { onChange } from "./live.ts";

const BEAT_MS = 15_000;
/** Then the browser connects again, and who was signed out meanwhile is refused. */
const LONGEST_MS = 60_000;

/**
 * Tells an open page that something changed; the page asks for what it may see. The news itself names nobody. It ends
 * when the page has `left`, when its reader lets go, when the process is asked to end, and after a minute.
 */
export function changeStream(left: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let letGo: () => void = () => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const close = () => {
        letGo();
        controller.close();
      };
      const forget = onChange((news) => {
        // An open stream would keep the process from ending.
        if (news === "stopping") close();
        else send(`event: change\ndata: ${news === "reconnected" ? 0 : news.seq}\n\n`);
      });
      const beat = setInterval(() => send(": beat\n\n"), BEAT_MS);
      const end = setTimeout(close, LONGEST_MS);
      left.addEventListener("abort", close);
      letGo = () => {
        forget();
        clearInterval(beat);
        clearTimeout(end);
        left.removeEventListener("abort", close);
      };
      send("retry: 500\n\n");
      if (left.aborted) close();
    },
    // A reader that let go has closed the stream already: closing it again would throw.
    cancel: () => letGo(),
  });
}
