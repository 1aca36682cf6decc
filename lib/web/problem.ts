import "server-only";
import { STATUS_CODES } from "node:http";

export type ProblemCode =
  | "bad-json"
  | "body-too-large"
  | "invalid-input"
  | "request-in-progress"
  | "scope-missing"
  | "someone-was-faster"
  | "token-invalid"
  | "token-missing"
  | "unexpected"
  | "unsupported-content-type"
  | (string & {});

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
  if (problem.status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(problemBody(problem)), { status: problem.status, headers });
}
