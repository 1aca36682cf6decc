import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { atDatabase } from "../at-database.ts";
import { TEMPLATE } from "./cluster.ts";

/** A database of its own, migrated and empty, in milliseconds. */
export function freshDatabase(): Promise<TestDatabase> {
  return databaseFrom(TEMPLATE);
}

/** One with nothing in it, not even tables. */
export function emptyDatabase(): Promise<TestDatabase> {
  return databaseFrom("template0");
}

type TestDatabase = { readonly url: string; drop(): Promise<void> };

async function databaseFrom(template: string): Promise<TestDatabase> {
  const cluster = inject("clusterUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: cluster });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await ask(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: atDatabase(name, cluster), drop: () => ask(`DROP DATABASE ${name} WITH (FORCE)`) };
}
