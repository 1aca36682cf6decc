import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../lib/db/embedded-postgres.ts";
import { migrate } from "../lib/db/migrate.ts";
import type { Configuration } from "../lib/env.ts";

type Started = { readonly url: string; stop(): Promise<void> };

/** Where the address of a running embedded PostgreSQL is noted for commands on the host. */
export function databaseNote(dataFolder: string): string {
  return join(dataFolder, "database-url");
}

/** The configured database, or the embedded one; migrated. */
export async function startDatabase(configuration: Configuration, log: (line: string) => void): Promise<Started> {
  if (configuration.databaseUrl) {
    log("migrating the database");
    await migrate(configuration.databaseUrl);
    return { url: configuration.databaseUrl, stop: () => Promise.resolve() };
  }
  log("starting PostgreSQL");
  const server = await startEmbeddedPostgres(configuration.dataFolder, { log });
  const note = databaseNote(configuration.dataFolder);
  const stop = async () => {
    await rm(note, { force: true });
    await server.stop();
  };
  try {
    // The old note may be another user's.
    await rm(note, { force: true });
    await writeFile(note, server.url, { mode: 0o600 });
    await migrate(server.url);
    return { url: server.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Fills the sandbox's database, or refuses a database whose clock was moved. */
export async function prepareDatabase(configuration: Configuration, databaseUrl: string): Promise<void> {
  // The client exists only after it was generated, so what uses it is loaded here.
  const { openDb } = await import("../lib/db/client.ts");
  const db = openDb(databaseUrl, { max: 2 });
  try {
    if (configuration.sandbox) {
      const { seed } = await import("../prisma/seed.ts");
      await seed(db);
      return;
    }
    const moved = await db.clock.findFirst({ where: { offsetMs: { not: 0 } } });
    if (moved) throw new Error("this database's clock was moved for tests (table clock); it cannot be used for real");
  } finally {
    await db.$disconnect();
  }
}
