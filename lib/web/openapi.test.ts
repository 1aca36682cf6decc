import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SCOPES } from "../domain/scope.ts";
import { OPERATIONS, openapi } from "./openapi.ts";
import { call, openWeb, type OpenWeb } from "./testing/open-web.ts";

const ROUTES = join(import.meta.dirname, "../../app/api/v1");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

let web: OpenWeb;
beforeAll(async () => void (web = await openWeb()));
afterAll(() => web.close());

type Handler = Parameters<typeof call>[0];

async function routeAt(path: string): Promise<Record<string, Handler>> {
  return (await import(join(ROUTES, path, "route.ts"))) as Record<string, Handler>;
}

test("what is described is what exists", async () => {
  const files = await readdir(ROUTES, { recursive: true });
  const paths = files
    .filter((file) => file.endsWith("/route.ts") && !file.includes("..."))
    .map((file) => file.slice(0, -9));
  const existing = await Promise.all(
    paths.map(async (path) => {
      const route = await routeAt(path);
      const address = `/${path.replace(/\[(\w+)\]/g, "{$1}")}`;
      return METHODS.filter((method) => method in route).map((method) => `${method} ${address}`);
    }),
  );
  const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described.sort()).toEqual(existing.flat().sort());
});

test.each(OPERATIONS.filter(({ scope }) => scope !== null).map((operation) => [operation] as const))(
  "$method $path asks for the scope that is described",
  async ({ method, path, scope }) => {
    const route = await routeAt(path.slice(1).replace(/\{(\w+)\}/g, "[$1]"));
    const token = await web.tokenOf(
      "ines",
      SCOPES.filter((other) => other !== scope),
    );
    const answer = await call(route[method.toUpperCase()]!, { token, method: method.toUpperCase() });
    expect(answer).toMatchObject({ status: 403, body: { code: "scope-missing" } });
    expect(answer.body.detail).toContain(scope);
  },
);

test("every operation has a name of its own, and only one needs no token", () => {
  const { paths } = openapi("http://localhost:3000") as {
    paths: Record<string, Record<string, { operationId: string; security?: [] }>>;
  };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(OPERATIONS.length);
  expect(ids).toContain("postRequestsByIdApprove");
  expect(operations.filter(({ security }) => security).map(({ operationId }) => operationId)).toEqual([
    "getOpenapiJson",
  ]);
});
