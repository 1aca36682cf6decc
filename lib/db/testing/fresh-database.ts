import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { TEMPLATE } from "./cluster.ts";

/** A database of its own, migrated and empty, in milliseconds. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const cluster = inject("clusterUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: cluster });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await ask(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return { url: cluster.replace(/\/postgres$/, `/${name}`), drop: () => ask(`DROP DATABASE ${name} WITH (FORCE)`) };
}
