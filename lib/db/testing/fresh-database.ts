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

/** A new connection costs as much as a new database, so the test files of one process share one. */
let shared: pg.Pool | undefined;

async function databaseFrom(template: string): Promise<TestDatabase> {
  const cluster = inject("clusterUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  // Copied as files: as log entries, it would stay in memory and be written when the next one is dropped.
  await ask(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return { url: atDatabase(name, cluster), drop: () => ask(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function ask(sql: string): Promise<void> {
  shared ??= new pg.Pool({ connectionString: inject("clusterUrl"), max: 1, allowExitOnIdle: true });
  await shared.query(sql);
}
