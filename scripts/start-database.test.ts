import { afterEach, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../lib/db/client.ts";
import { freshDatabase } from "../lib/db/testing/fresh-database.ts";
import { configurationFrom } from "../lib/configuration.ts";
import { prepareDatabase } from "./start-database.ts";

const SANDBOX = configurationFrom({}, "/srv");
const REAL = configurationFrom(
  {
    OIDC_ISSUER: "https://login.example.com",
    OIDC_CLIENT_ID: "daypass",
    OIDC_CLIENT_SECRET: "secret",
    GITLAB_URL: "https://gitlab.example.com",
    GITLAB_TOKEN: "glpat-secret",
    ADMIN_GROUPS: "admins",
    PUBLIC_URL: "https://daypass.example.com",
  },
  "/srv",
);

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;

beforeEach(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 1 });
});
afterEach(async () => {
  await db.$disconnect();
  await database.drop();
});

test("the sandbox's database has its roles, however often Daypass starts", async () => {
  await prepareDatabase(SANDBOX, database.url);
  const roles = await db.role.count();
  await prepareDatabase(SANDBOX, database.url);

  expect(roles).toBeGreaterThan(0);
  expect(await db.role.count()).toBe(roles);
});

test("a database for real use gets no role of the sandbox", async () => {
  await prepareDatabase(REAL, database.url);
  expect(await db.role.count()).toBe(0);
});

test("the sandbox does not touch a database that is used with real providers", async () => {
  await personOf("https://login.example.com");
  await expect(prepareDatabase(SANDBOX, database.url)).rejects.toThrow("DATABASE_URL");
  expect(await db.role.count()).toBe(0);
});

test("a database with the sandbox's people is refused for real use", async () => {
  await personOf("http://localhost:4321/idp");
  await expect(prepareDatabase(REAL, database.url)).rejects.toThrow("the sandbox's people");
});

test("a database whose clock was moved is refused for real use", async () => {
  await db.clock.updateMany({ data: { offsetMs: 60_000 } });
  await expect(prepareDatabase(REAL, database.url)).rejects.toThrow("clock was moved");
});

async function personOf(issuer: string): Promise<void> {
  const who = { subject: "1", email: "maya@acme.test", name: "Maya", username: "maya" };
  await db.person.create({ data: { id: "019a0000-0000-7000-8000-000000000001", issuer, ...who } });
}
