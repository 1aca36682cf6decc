import "server-only";
import { z } from "zod";
import type { Scope } from "../domain/scope.ts";
import * as schemas from "./api-schemas.ts";

type Operation = {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  readonly summary: string;
  readonly scope: Scope | null;
  /** Needs no token. */
  readonly open?: boolean;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status?: number;
};

/** Every operation of the API. A test holds it against the routes that exist. */
export const OPERATIONS: readonly Operation[] = [
  { method: "get", path: "/me", summary: "Who the token belongs to", scope: null },
  {
    method: "get",
    path: "/roles",
    summary: "Roles that you may ask for, own or watch over, by slug",
    scope: "roles:read",
    query: schemas.rolesQuery,
  },
  { method: "post", path: "/roles", summary: "Make a role", scope: "roles:write", body: schemas.newRole, status: 201 },
  { method: "get", path: "/roles/{slug}", summary: "One role; its version is the ETag", scope: "roles:read" },
  {
    method: "put",
    path: "/roles/{slug}",
    summary: "Publish the next version; send the version that you looked at as If-Match",
    scope: "roles:write",
    body: schemas.editedRole,
  },
  { method: "get", path: "/roles/{slug}/versions", summary: "Every version, newest first", scope: "roles:read" },
  {
    method: "post",
    path: "/roles/{slug}/rollback",
    summary: "Publish what an older version said; dryRun only tells what would happen",
    scope: "roles:write",
    body: schemas.rollback,
  },
  {
    method: "get",
    path: "/requests",
    summary: "Requests that you may see, newest first; awaiting=true: those that you may decide, oldest first",
    scope: "requests:read",
    query: schemas.requestsQuery,
  },
  {
    method: "post",
    path: "/requests",
    summary: "Ask for a role",
    scope: "requests:write",
    body: schemas.newRequest,
    status: 201,
  },
  { method: "get", path: "/requests/{id}", summary: "One request", scope: "requests:read" },
  {
    method: "post",
    path: "/requests/{id}/approve",
    summary: "Approve, for at most the time that was asked",
    scope: "approvals:write",
    body: schemas.approval,
  },
  {
    method: "post",
    path: "/requests/{id}/deny",
    summary: "Deny",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/requests/{id}/withdraw",
    summary: "Withdraw your own",
    scope: "requests:write",
    status: 204,
  },
  {
    method: "get",
    path: "/grants",
    summary: "Grants that you may see, newest first",
    scope: "grants:read",
    query: schemas.grantsQuery,
  },
  {
    method: "get",
    path: "/grants/{id}",
    summary: "One grant with its bindings, end-stops and receipts",
    scope: "grants:read",
  },
  {
    method: "post",
    path: "/grants/{id}/revoke",
    summary: "Take it back, as owner or admin",
    scope: "grants:write",
    body: schemas.revocation,
    status: 204,
  },
  {
    method: "post",
    path: "/grants/{id}/extend",
    summary: "Ask to go on where your own ends, without a gap; gives the request",
    scope: "requests:write",
    body: schemas.extension,
    status: 201,
  },
  {
    method: "post",
    path: "/grants/{id}/release",
    summary: "Give your own back early",
    scope: "grants:write",
    status: 204,
  },
  {
    method: "get",
    path: "/history",
    summary: "What happened, newest first",
    scope: "history:read",
    query: schemas.historyQuery,
  },
  {
    method: "get",
    path: "/history/export",
    summary:
      "What you may see of the history, oldest first, streamed; evidence takes a request or a quarter like 2026-Q4",
    scope: "history:read",
    query: schemas.exportQuery,
  },
  {
    method: "get",
    path: "/history/checkpoints",
    summary: "Signed points of the chain, newest first, and the public keys to check them with",
    scope: "history:read",
    query: schemas.checkpointsQuery,
  },
  {
    method: "get",
    path: "/history/access",
    summary: "Who held what through Daypass at a past moment, at a place or of a person",
    scope: "history:read",
    query: schemas.accessQuery,
  },
  {
    method: "get",
    path: "/history/{seq}",
    summary: "One change, what caused it and what it caused",
    scope: "history:read",
  },
  {
    method: "get",
    path: "/drift",
    summary: "What is not as Daypass made it, newest first; kept=true: access that is kept as an exception",
    scope: "grants:read",
    query: schemas.driftQuery,
  },
  {
    method: "post",
    path: "/drift/{id}/keep",
    summary: "Let access behind no grant stay until a day, as owner or admin",
    scope: "grants:write",
    body: schemas.keeping,
    status: 204,
  },
  {
    method: "post",
    path: "/drift/{id}/remove",
    summary: "Have access behind no grant removed, as owner or admin",
    scope: "grants:write",
    body: schemas.revocation,
    status: 204,
  },
  {
    method: "post",
    path: "/history/{seq}/rollback",
    summary: "Roll one change back, as admin; dryRun only tells what would happen and gives the basis to send back",
    scope: "roles:write",
    body: schemas.changeRollback,
  },
  {
    method: "post",
    path: "/rollback",
    summary: "Roll everything that is configured back to right after a change or to a moment, as admin",
    scope: "roles:write",
    body: schemas.pointRollback,
  },
  {
    method: "get",
    path: "/widenings",
    summary: "What was proposed to give more, newest first; awaiting=true: what you may decide",
    scope: "roles:read",
    query: schemas.wideningsQuery,
  },
  { method: "get", path: "/widenings/{id}", summary: "One of them, with what it would add", scope: "roles:read" },
  {
    method: "post",
    path: "/widenings/{id}/approve",
    summary: "Approve as the second person: it is in force at once",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/widenings/{id}/deny",
    summary: "Deny",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/widenings/{id}/withdraw",
    summary: "Withdraw what you proposed",
    scope: "roles:write",
    status: 204,
  },
  {
    method: "get",
    path: "/four-eyes",
    summary: "Whether what gives more waits for a second person, for admins and auditors",
    scope: "roles:read",
  },
  {
    method: "post",
    path: "/four-eyes",
    summary: "Switch that; switching it off waits for a second person itself",
    scope: "roles:write",
    body: schemas.fourEyes,
  },
  { method: "get", path: "/openapi.json", summary: "This document", scope: null, open: true },
];

/** OpenAPI 3.1, from the schemas that the routes parse with. */
export function openapi(serverUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) (paths[operation.path] ??= {})[operation.method] = operationJson(operation);
  return {
    openapi: "3.1.0",
    info: { title: "Daypass", version: "1", description: "Temporary admin: ask, approve, take back, prove." },
    servers: [{ url: `${serverUrl}/api/v1` }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "dp_… from the settings page" } },
      schemas: { Problem: PROBLEM },
    },
  };
}

const PROBLEM = {
  type: "object",
  description: "RFC 9457 problem details, with the refusal's code",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    errors: {
      type: "array",
      items: { type: "object", properties: { field: { type: "string" }, words: { type: "string" } } },
    },
  },
};

const HEADERS: Record<Operation["method"], readonly object[]> = {
  get: [],
  post: [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      schema: { type: "string", minLength: 1, maxLength: 255 },
      description: "The same key and body within a day give the first answer again",
    },
  ],
  put: [{ name: "If-Match", in: "header", required: true, schema: { type: "string" }, description: "The ETag" }],
};

function operationJson({ path, summary, scope, open, query, body, status = 200, method }: Operation): object {
  return {
    operationId: operationId(method, path),
    summary: scope ? `${summary} (scope ${scope})` : summary,
    ...(open ? { security: [] } : {}),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      })),
      ...queryParameters(query),
      ...HEADERS[method],
    ],
    ...(body ? { requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body) } } } } : {}),
    responses: {
      [String(status)]: { description: "Done" },
      default: {
        description: "Refused; nothing was changed",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

/** `post /requests/{id}/approve` is `postRequestsByIdApprove`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/\{(\w+)\}/g, "by/$1").split(/[^a-z]+/);
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function queryParameters(query: z.ZodType | undefined): object[] {
  if (!query) return [];
  const { properties = {} } = jsonSchema(query) as { properties?: Record<string, object> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

/** What is sent, before it is transformed. */
function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
