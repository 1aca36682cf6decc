import { createRequesterFn } from "@gitbeaker/requester-utils";
import { CouldNotTell, ProviderBusy, ProviderRefused } from "../provider.ts";

/** GitLab's limits on single endpoints answer 429 without saying for how long; they count per minute. */
const UNSAID_WAIT_MS = 60_000;
/** A front door that asks for more, by mistake perhaps, is asked once an hour: removals wait for it. */
const LONGEST_WAIT_MS = 60 * 60_000;
const WORDS_MAX = 2_000;

/** GitLab understood and said no. `said` is its own reason, word for word. */
export class GitlabRefused extends ProviderRefused {
  readonly said: string;
  constructor(said: string, status: number) {
    super(`GitLab: ${said}`, status);
    this.name = "GitlabRefused";
    this.said = said;
  }
}

type Options = {
  readonly method?: string;
  readonly prefixUrl?: string;
  readonly headers?: Record<string, string>;
  readonly searchParams?: string;
  readonly body?: string;
};
type Formatted = { body: Record<string, unknown>; headers: Record<string, string>; status: number };

/**
 * How gitbeaker reaches GitLab. Its own requester ignores Retry-After, retries 429 within milliseconds and repeats POSTs
 * after a 502; this one asks once and says what came of it in the port's three kinds of error.
 */
export function requesterWithin(timeoutMs: number, onAnswer: (headers: Headers) => void = () => undefined) {
  return createRequesterFn(
    (_resource, options) => Promise.resolve(options),
    (endpoint, options: Options = {}) => send(endpoint, options, timeoutMs, onAnswer),
  );
}

async function send(
  endpoint: string,
  options: Options,
  timeoutMs: number,
  onAnswer: (headers: Headers) => void,
): Promise<Formatted> {
  const { method = "GET", headers, body } = options;
  const { answer, text } = await ask(addressOf(endpoint, options), {
    method,
    headers: { ...headers, accept: "application/json" },
    // A redirect would carry the token elsewhere.
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined || method === "DELETE" ? {} : { body }),
  });
  onAnswer(answer.headers);
  if (!answer.ok) throw errorOf(method, answer, text);
  // GitLab has nothing to say about what it deleted. A page or a list in its place is somebody else's answer.
  if (method === "DELETE" && answer.status !== 204)
    throw new CouldNotTell(`GitLab answered a removal with ${answer.status}`);
  return { body: bodyOf(answer, text), headers: Object.fromEntries(answer.headers), status: answer.status };
}

function addressOf(endpoint: string, { method, prefixUrl = "", searchParams = "", body }: Options): URL {
  const url = new URL(`${prefixUrl.replace(/\/+$/, "")}/${endpoint.replace(/^\/+/, "")}`);
  url.search = searchParams;
  if (method !== "DELETE" || body === undefined) return url;
  // gitbeaker sends a DELETE's parameters as its body, which a proxy may drop. Without skip_subresources GitLab would
  // then delete more than was asked.
  for (const [name, value] of Object.entries(JSON.parse(body) as object)) url.searchParams.set(name, String(value));
  return url;
}

async function ask(url: URL, init: RequestInit): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(url, init);
    return { answer, text: await answer.text() };
  } catch (error) {
    throw new CouldNotTell("GitLab did not answer", { cause: error });
  }
}

function bodyOf(answer: Response, text: string): Record<string, unknown> {
  if (answer.status === 204) return {};
  const body = objectIn(text);
  if (body === null) throw new CouldNotTell("GitLab answered with something that is not JSON");
  return body;
}

function errorOf(method: string, { status, headers }: Response, text: string): Error {
  const reason = reasonIn(text);
  const said = (reason ?? text.trim()).slice(0, WORDS_MAX - 100);
  if (status === 429) {
    const seconds = Number(headers.get("retry-after"));
    if (seconds > 0) return new ProviderBusy(`GitLab: ${said}`, Math.min(seconds * 1_000, LONGEST_WAIT_MS));
    return new ProviderBusy(`GitLab: ${said}`, UNSAID_WAIT_MS, { onlyHere: method === "DELETE" });
  }
  if (status < 400) return new CouldNotTell("GitLab sends us elsewhere: is its address right?");
  if (status >= 500 || status === 408 || isAboutToken(status, said)) return new CouldNotTell(`GitLab: ${said}`);
  // GitLab gives its reasons in JSON. Anything else comes from something in front of it.
  if (reason === null) return new CouldNotTell(`GitLab answered ${status} with something that is not JSON`);
  return new GitlabRefused(said, status);
}

/** Our own token is the matter, so the answer says nothing of what was asked. */
function isAboutToken(status: number, said: string): boolean {
  return status === 401 || (status === 403 && said === "insufficient_scope");
}

/** GitLab says why under `message` or `error`, as a text or as texts per field. */
function reasonIn(text: string): string | null {
  const body = objectIn(text);
  const said = body?.["message"] ?? body?.["error"];
  if (said === undefined || said === null) return null;
  return typeof said === "string" ? said : JSON.stringify(said);
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Lists are objects too: what is in them is for the reader to check. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
