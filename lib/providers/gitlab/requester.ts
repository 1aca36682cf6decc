import { createRequesterFn } from "@gitbeaker/requester-utils";
import { CouldNotTell, ProviderBusy, ProviderRefused } from "../provider.ts";

const TIMEOUT_MS = 10_000;
/** GitLab's limits on single endpoints answer 429 without saying for how long; they count per minute. */
const UNSAID_WAIT_MS = 60_000;
const WORDS_MAX = 2_000;

type Options = {
  readonly method?: string;
  readonly prefixUrl?: string;
  readonly headers?: Record<string, string>;
  readonly searchParams?: string;
  readonly body?: string;
};
type Formatted = { body: unknown; headers: Record<string, string>; status: number };

/**
 * How gitbeaker reaches GitLab. Its own requester ignores Retry-After, retries 429 within milliseconds and repeats POSTs
 * after a 502; this one asks once and says what came of it in the port's three kinds of error.
 */
export const requesterFn = createRequesterFn(
  (_resource, options) => Promise.resolve(options as never),
  (endpoint, options) => send(endpoint, options as Options) as never,
);

async function send(endpoint: string, { method = "GET", prefixUrl = "", headers, searchParams, body }: Options): Promise<Formatted> {
  const url = new URL(`${prefixUrl.replace(/\/+$/, "")}/${endpoint.replace(/^\/+/, "")}`);
  url.search = searchParams ?? "";
  const { answer, text } = await ask(url, {
    method,
    headers: { ...headers, accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body }),
  });
  if (!answer.ok) throw errorOf(answer, text);
  return { body: bodyOf(answer, text), headers: Object.fromEntries(answer.headers), status: answer.status };
}

async function ask(url: URL, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url, { ...init, redirect: "error" });
    return { answer, text: await answer.text() };
  } catch (error) {
    throw new CouldNotTell("GitLab did not answer", { cause: error });
  }
}

function bodyOf(answer: Response, text: string): unknown {
  if (answer.status === 204) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CouldNotTell("GitLab answered with something that is not JSON");
  }
}

/** 401 is about our own credential, so it says nothing of what was asked. */
function errorOf(answer: Response, text: string): Error {
  const words = `GitLab: ${wordsOf(text)}`;
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get("retry-after"));
    return new ProviderBusy(words, seconds > 0 ? seconds * 1_000 : UNSAID_WAIT_MS);
  }
  if (answer.status >= 500 || answer.status === 401 || answer.status === 408) return new CouldNotTell(words);
  return new ProviderRefused(words, answer.status);
}

/** GitLab says why under `message`, `error` or `error.description`, as a text or as a text per field. */
function wordsOf(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    const said = message ?? error ?? text;
    return (typeof said === "string" ? said : JSON.stringify(said)).slice(0, WORDS_MAX);
  } catch {
    return text.slice(0, 200);
  }
}
