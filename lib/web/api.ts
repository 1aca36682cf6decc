import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "../domain/actor.ts";
import { Conflict, Refused } from "../domain/refusals.ts";
import type { Scope } from "../domain/scope.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { viewerOfToken } from "./bearer.ts";
import { webDb } from "./db.ts";
import { once } from "./idempotency.ts";
import { log } from "./log.ts";
import { Problem, problemResponse, type FieldError } from "./problem.ts";
import { readJson } from "./read-body.ts";
import { CONFLICT_WORDS, REFUSALS, wordsOf } from "./refusal-words.ts";
import { actorOf } from "./session.ts";
import { UNKEEPABLE_WORDS, unkeepableField } from "./unkeepable-field.ts";

type Caller = { readonly viewer: Viewer; readonly actor: Actor; readonly db: Db; readonly request: Request };
type Route<P, Q, B> = {
  /** What the token must allow; null: any token. */
  readonly scope: Scope | null;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** The status of success; 200 unless given. */
  readonly status?: number;
  readonly run: (caller: Caller, input: { params: P; query: Q; body: B }) => Promise<unknown>;
};

type Context = { readonly params: Promise<Record<string, string>> };

/** An answer with headers of its own. */
export class Reply {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  constructor(body: unknown, headers: Readonly<Record<string, string>>) {
    this.body = body;
    this.headers = headers;
  }
}

/**
 * The only way to make a route under /api/v1: whose token, may it, what was sent, then the use case or query, then the
 * refusals that it knows, as RFC 9457 problem details. A POST may carry an Idempotency-Key.
 */
export function api<P = unknown, Q = unknown, B = unknown>(route: Route<P, Q, B>) {
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      return await answer(route, request, await context.params);
    } catch (error) {
      return problemResponse(problemOf(error));
    }
  };
}

async function answer<P, Q, B>(route: Route<P, Q, B>, request: Request, rawParams: unknown): Promise<Response> {
  const db = webDb();
  const viewer = await viewerOfToken(request, route.scope, db);
  const sent = request.method === "GET" ? { text: "", value: {} } : await readJson(request);
  // An id that makes no sense names nothing.
  const params = parse(route.params, rawParams, () => new Refused("not-found"));
  const query = parse(route.query, queryOf(request), (errors) => invalid(400, errors));
  const body = parse(route.body, sent.value, (errors) => invalid(422, errors));

  const caller = { viewer, actor: actorOf(viewer, "api"), db, request };
  const status = route.status ?? 200;
  const key = request.method === "POST" ? request.headers.get("idempotency-key") : null;
  if (key === null) return respond(status, await route.run(caller, { params, query, body }));
  const fingerprint = `${new URL(request.url).pathname}\n${sent.text}`;
  const kept = await once(db, { personId: viewer.personId, key, request: fingerprint }, async () => {
    const result = await route.run(caller, { params, query, body });
    return { status, body: result instanceof Reply ? result.body : (result ?? null) };
  });
  return respond(kept.status, kept.body ?? undefined);
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown, refusal: (errors: FieldError[]) => Error): T {
  if (!schema) return undefined as T;
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw refusal(parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), words: message })));
  const field = unkeepableField(parsed.data);
  if (field !== null) throw refusal([{ field, words: UNKEEPABLE_WORDS }]);
  return parsed.data;
}

function invalid(status: number, errors: readonly FieldError[]): Problem {
  return new Problem(status, "invalid-input", "Some of what was sent is not valid. Nothing was changed.", errors);
}

function queryOf(request: Request): Record<string, string> {
  const start = request.url.indexOf("?");
  return start < 0 ? {} : Object.fromEntries(new URLSearchParams(request.url.slice(start + 1)));
}

function respond(status: number, result: unknown): Response {
  if (result instanceof Response) return result;
  const reply = result instanceof Reply ? result : new Reply(result, {});
  const headers = { "content-type": "application/json", "cache-control": "no-store", ...reply.headers };
  if (reply.body === undefined) return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
  return new Response(JSON.stringify(reply.body, bigintAsNumber), { status, headers });
}

/** Sequence numbers stay far below 2^53. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refused) {
    const words = wordsOf(error);
    return new Problem(
      REFUSALS[error.code].status,
      error.code,
      words,
      error.field ? [{ field: error.field, words }] : undefined,
    );
  }
  if (error instanceof Conflict) return new Problem(409, "someone-was-faster", CONFLICT_WORDS);
  const reference = randomUUID();
  log().error({ err: error, reference }, "an API request failed");
  return new Problem(
    500,
    "unexpected",
    `Something went wrong on our side and nothing was changed. Reference ${reference}.`,
  );
}
