import type { CallSeen, FaultRule } from "./faults.ts";

type Answering = Extract<FaultRule, { kind: "status" | "html" }>;

/** The answer of a provider in trouble, in the words that this provider really uses unless the rule brings its own. */
export function brokenAnswer(seen: CallSeen, rule: Answering): Response {
  if (rule.kind === "html") {
    const body = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>";
    return new Response(body, { headers: { "content-type": "text/html; charset=utf-8" } });
  }
  const headers = new Headers(rule.retryAfter === undefined ? {} : { "retry-after": String(rule.retryAfter) });
  const { type, body } = rule.body === undefined ? usualBody(seen, rule) : givenBody(rule.body);
  headers.set("content-type", type);
  return new Response(body, { status: rule.status, headers });
}

function givenBody(body: unknown) {
  if (typeof body !== "string") return { type: "application/json", body: JSON.stringify(body) };
  return { type: body.startsWith("<") ? "text/xml" : "text/plain", body };
}

function usualBody({ provider }: CallSeen, { status, retryAfter }: Extract<FaultRule, { kind: "status" }>) {
  if (provider === "aws") return { type: "text/xml", body: awsError(status) };
  if (status !== 429)
    return { type: "application/json", body: JSON.stringify({ message: `${status} ${reason(status)}` }) };
  // GitLab's front door says when to come back; its application limits do not.
  if (retryAfter !== undefined) return { type: "text/plain", body: "Retry later\n" };
  const error = "This endpoint has been requested too many times. Try again later.";
  return { type: "application/json", body: JSON.stringify({ message: { error } }) };
}

function awsError(status: number): string {
  const code = AWS_CODES.get(status) ?? "InternalFailure";
  const message = code === "Throttling" ? "Rate exceeded" : "The request processing has failed.";
  const type = status < 500 ? "Sender" : "Receiver";
  return `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`;
}

const AWS_CODES = new Map([
  [400, "Throttling"],
  [403, "AccessDenied"],
  [404, "NoSuchEntity"],
  [409, "ConcurrentModification"],
  [429, "Throttling"],
  [500, "ServiceFailure"],
  [503, "ServiceUnavailable"],
]);

function reason(status: number): string {
  const reasons: Record<number, string> = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
  };
  return reasons[status] ?? "Error";
}
