import { STATUS_CODES } from "node:http";
import { ANSWER_WITHIN_MS, answerWords, faultWords, type Answer, type Receiver } from "./receiver.ts";

const HEARD_BYTES = 2_000;
/** To be a secret, and not the word "ingest" in every sentence. */
const LONG_ENOUGH = 8;
/** What the same batch may be taken with a moment later: a time-out, too early, too many. Every 5xx too. */
const NOT_NOW = new Set([408, 425, 429]);

/**
 * Posts each batch as one JSON array. Only to the configured address: a redirect is a refusal, wherever it leads, because
 * it would carry the token and the history to a host that nobody configured.
 */
export function httpsReceiver(
  url: URL,
  token: string | null,
  { answerWithinMs = ANSWER_WITHIN_MS }: { answerWithinMs?: number } = {},
): Receiver {
  const headers = {
    "content-type": "application/json",
    "user-agent": "Daypass",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const secrets = secretsIn(url, token);
  return {
    address: url.origin,
    async send(batch, signal) {
      const body = `[${batch.map(({ json }) => json).join(",")}]`;
      const late = AbortSignal.timeout(answerWithinMs);
      try {
        const request = { method: "POST", headers, body, signal: AbortSignal.any([signal, late]) };
        return await answerOf(await fetch(url, { ...request, redirect: "manual" }), secrets);
      } catch (error) {
        const words = late.aborted ? "It did not answer in time" : faultWords(error);
        return { kind: "later", words, afterMs: null };
      }
    },
  };
}

/** Many receivers know their senders by a part of the address, and name the address in their errors. The longest first. */
function secretsIn({ pathname, searchParams }: URL, token: string | null): string[] {
  const parts = [...pathname.split("/"), ...searchParams.values()].filter((part) => part.length >= LONG_ENOUGH);
  return [...parts, ...(token === null ? [] : [token])].sort((a, b) => b.length - a.length);
}

async function answerOf(response: Response, secrets: readonly string[]): Promise<Answer> {
  const { status } = response;
  const said = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  if (status >= 200 && status < 300) {
    await response.body?.cancel();
    return { kind: "taken", words: said };
  }
  if (status < 400) {
    await response.body?.cancel();
    return { kind: "refused", words: `${said}: a redirect is not followed` };
  }
  const detail = answerWords(await beginningOf(response), secrets);
  const words = detail === "" ? said : `${said}: ${detail}`;
  if (status < 500 && !NOT_NOW.has(status)) return { kind: "refused", words };
  return { kind: "later", words, afterMs: retryAfterMs(response.headers.get("retry-after"), Date.now()) };
}

/** An answer without end must not fill this process. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return "";
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.length >= HEARD_BYTES) break;
  }
  return text.slice(0, HEARD_BYTES);
}

/** Seconds, or a date (RFC 9110, section 10.2.3). Null for anything else. */
export function retryAfterMs(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
