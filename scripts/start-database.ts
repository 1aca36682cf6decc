import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { Db } from "../lib/db/client.ts";
import { atDatabase } from "../lib/db/at-database.ts";
import { startEmbeddedPostgres } from "../lib/db/embedded-postgres.ts";
import { limitRole, roleAt } from "../lib/db/limit-role.ts";
import { migrate } from "../lib/db/migrate.ts";
import type { Configuration } from "../lib/configuration.ts";

const SANDBOX_ISSUER = /^http:\/\/localhost:\d+\/idp$/;

/** Whom Daypass's processes sign in as where the database is its own. */
const APP_ROLE = "daypass_app";

/** `url` is for the processes; `ownerUrl` may migrate. */
type Started = { readonly url: string; readonly ownerUrl: string; stop(): Promise<void> };

/** Where the address of a running embedded PostgreSQL is noted for commands on the host. */
export function databaseNote(dataFolder: string): string {
  return join(dataFolder, "database-url");
}

/** The configured database, or the embedded one; migrated. */
export async function startDatabase(configuration: Configuration, log: (line: string) => void): Promise<Started> {
  const { databaseUrl, databaseOwnerUrl } = configuration;
  if (databaseUrl) return configuredDatabase(databaseUrl, databaseOwnerUrl ?? databaseUrl, log);
  log("starting PostgreSQL");
  // Two databases, so that a try of the sandbox is no part of what is used for real later.
  const name = configuration.sandbox ? "sandbox" : "daypass";
  const server = await startEmbeddedPostgres(configuration.dataFolder, { log });
  const note = databaseNote(configuration.dataFolder);
  const stop = async () => {
    await rm(note, { force: true });
    await server.stop();
  };
  try {
    const ownerUrl = await databaseNamed(name, server.url);
    await migrate(ownerUrl);
    const url = await appUrl(ownerUrl);
    // The old note may be another user's.
    await rm(note, { force: true });
    await writeFile(note, url, { mode: 0o600 });
    return { url, ownerUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function configuredDatabase(url: string, ownerUrl: string, log: (line: string) => void): Promise<Started> {
  log("migrating the database");
  await migrate(ownerUrl);
  const role = await roleAt(url);
  if (role.isLimited) await limitRole(ownerUrl, role.name);
  else log("DATABASE_URL's role owns the history, so it could rewrite it; DATABASE_OWNER_URL keeps the two apart");
  return { url, ownerUrl, stop: () => Promise.resolve() };
}

/** The embedded database as a role that owns nothing. Its password lives as long as this start. */
async function appUrl(ownerUrl: string): Promise<string> {
  const password = randomBytes(24).toString("hex");
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [APP_ROLE]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${APP_ROLE} LOGIN`);
    await client.query(`ALTER ROLE ${APP_ROLE} PASSWORD '${password}'`);
  } finally {
    await client.end();
  }
  await limitRole(ownerUrl, APP_ROLE);
  const url = new URL(ownerUrl);
  url.username = APP_ROLE;
  url.password = password;
  return url.href;
}

/** Fills the sandbox's database. @throws when a database for real use meets the sandbox, or its people or its clock */
export async function prepareDatabase(configuration: Configuration, databaseUrl: string): Promise<void> {
  // The client exists only after it was generated, so what uses it is loaded here.
  const { openDb } = await import("../lib/db/client.ts");
  const db = openDb(databaseUrl, { max: 2 });
  try {
    await refuseMixing(configuration, db);
    if (!configuration.sandbox) return;
    const { seed } = await import("../prisma/seed.ts");
    await seed(db);
  } finally {
    await db.$disconnect();
  }
}

/** The sandbox's GitLab would show every real grant as gone, and tokens of its people would work for real. */
async function refuseMixing({ sandbox }: Configuration, db: Db): Promise<void> {
  const people = await db.person.findMany({ distinct: ["issuer"], select: { issuer: true } });
  const fromSandbox = people.filter(({ issuer }) => SANDBOX_ISSUER.test(issuer)).length;
  if (sandbox && fromSandbox < people.length)
    throw new Error("DATABASE_URL: this database is used with real providers, and none is configured");
  if (!sandbox && fromSandbox > 0)
    throw new Error("DATABASE_URL: this database holds the sandbox's people; it cannot be used for real");
  if (!sandbox && (await db.clock.count({ where: { offsetMs: { not: 0 } } })) > 0)
    throw new Error("DATABASE_URL: this database's clock was moved for tests; it cannot be used for real");
}

async function databaseNamed(name: string, serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return atDatabase(name, serverUrl);
}
