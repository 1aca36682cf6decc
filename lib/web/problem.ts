import "server-only";
import { STATUS_CODES } from "node:http";
import type { RefusalCode } from "../domain/refusals.ts";

/** What can go wrong before a use case is asked; the refusals of the rules have their own codes. */
export type ProblemCode =
  | RefusalCode
  | "bad-json"
  | "body-broken-off"
  | "body-too-large"
  | "if-match-missing"
  | "invalid-input"
  | "request-in-progress"
  | "scope-missing"
  | "someone-was-faster"
  | "token-invalid"
  | "token-missing"
  | "unexpected"
  | "unsupported-content-type";

/** What a client is told to do about its token (RFC 6750, section 3). */
const CHALLENGES: Partial<Record<ProblemCode, string>> = {
  "scope-missing": 'Bearer error="insufficient_scope"',
  "token-invalid": 'Bearer error="invalid_token"',
  "token-missing": "Bearer",
};

export type FieldError = { readonly field: string; readonly words: string };

/** An error that is already in the words of the API. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;

  constructor(status: number, code: ProblemCode, words: string, errors?: readonly FieldError[]) {
    super(words);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** RFC 9457 problem details. */
export function problemBody({ status, code, message, errors }: Problem) {
  return {
    type: `about:blank#${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail: message,
    code,
    ...(errors ? { errors } : {}),
  };
}

export function problemResponse(problem: Problem): Response {
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  const challenge = CHALLENGES[problem.code];
  if (challenge) headers.set("www-authenticate", challenge);
  return new Response(JSON.stringify(problemBody(problem)), { status: problem.status, headers });
}
