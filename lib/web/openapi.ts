import "server-only";
import { z } from "zod";
import { namedSchemas, reference } from "./answers/answer.ts";
import { problem } from "./answers/problem-answer.ts";
import { ACCESS_OPERATIONS } from "./operations/access-operations.ts";
import { HISTORY_OPERATIONS } from "./operations/history-operations.ts";
import type { Operation } from "./operations/operation.ts";
import { REQUEST_OPERATIONS } from "./operations/request-operations.ts";
import { ROLE_OPERATIONS } from "./operations/role-operations.ts";
import { WIDENING_OPERATIONS } from "./operations/widening-operations.ts";

/** Every operation of the API. A test holds it against the routes that exist. */
export const OPERATIONS: readonly Operation[] = [
  ...ROLE_OPERATIONS,
  ...REQUEST_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...HISTORY_OPERATIONS,
  ...WIDENING_OPERATIONS,
];

/** OpenAPI 3.1, from the schemas that the routes parse with and those that their answers are held to. */
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
      schemas: namedSchemas(),
    },
  };
}

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

function operationJson(operation: Operation): object {
  const { path, summary, scope, open, query, body, method } = operation;
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
      [String(operation.status ?? 200)]: answerJson(operation),
      default: {
        description: "Refused; nothing was changed",
        content: { "application/problem+json": { schema: reference(problem) } },
      },
    },
  };
}

function answerJson(operation: Operation): object {
  if (operation.status === 204) return { description: "Done" };
  const { answer, types = ["application/json"] } = operation;
  return {
    description: "Done",
    content: Object.fromEntries(types.map((type) => [type, { schema: reference(answer) }])),
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
