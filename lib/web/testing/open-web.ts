import { vi } from "vitest";
import { SCOPES } from "../../domain/scope.ts";
import { openDb } from "../../db/client.ts";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import { foundCompany, type Username } from "../../queries/testing/company.ts";
import { createToken } from "../../usecases/create-token.ts";

const OIDC = "http://identity.test";

/** What a web process has: its configuration and a database with the company in it, to call handlers and actions with. */
export async function openWeb() {
  const database = await freshDatabase();
  const variables = {
    DATABASE_URL: database.url,
    PUBLIC_URL: "http://localhost:3000",
    SESSION_SECRET: "x".repeat(32),
    OIDC_ISSUER: OIDC,
    OIDC_CLIENT_ID: "daypass",
    OIDC_CLIENT_SECRET: "x",
    OIDC_NAME: "the test",
    LOG_LEVEL: "silent",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const db = openDb(database.url, { max: 5 });
  globalThis.daypassDb = db;
  const company = await foundCompany(db);
  await db.person.update({ where: { id: company.idOf("ines") }, data: { isAdmin: true } });
  await db.person.update({ where: { id: company.idOf("theo") }, data: { isAuditor: true } });
  return {
    db,
    company,
    async tokenOf(username: Username, scopes: readonly string[] = SCOPES) {
      return (await createToken(company.actor(username), { name: "test", scopes, days: 1 }, { db })).token;
    },
    /** Everything that a refusal must leave alone. */
    async world() {
      const counts = await Promise.all([
        db.accessRequest.count(),
        db.decision.count(),
        db.grant.count(),
        db.roleVersion.count(),
        db.session.count(),
        db.apiToken.count(),
      ]);
      const people = await db.person.findMany({ orderBy: { id: "asc" } });
      return { counts, people, head: await db.chainHead.findUniqueOrThrow({ where: { id: 1 } }) };
    },
    async close() {
      globalThis.daypassDb = undefined;
      vi.unstubAllEnvs();
      await db.$disconnect();
      await database.drop();
    },
  };
}

export type OpenWeb = Awaited<ReturnType<typeof openWeb>>;

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Call = { token?: string; params?: Record<string, string>; path?: string } & RequestInit;

/** Calls a route handler as Next does. */
export async function call(handler: Handler, { token, params = {}, path = "/", headers = {}, ...init }: Call) {
  const request = new Request(`http://localhost:3000${path}`, {
    ...init,
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(headers as Record<string, string>),
    },
  });
  const answer = await handler(request, { params: Promise.resolve(params) });
  const text = await answer.text();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, headers: answer.headers, body };
}
