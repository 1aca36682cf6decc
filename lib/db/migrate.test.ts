import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { sqlFromSchemas } from "../../scripts/schema-diff.ts";
import { migrate } from "./migrate.ts";
import { emptyDatabase } from "./testing/fresh-database.ts";

const SHAPE = `
  SELECT 'column' AS what, table_name || '.' || column_name AS name,
    concat_ws(' ', data_type, udt_name, is_nullable, column_default, datetime_precision) AS shape
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL
  SELECT 'index', indexname, indexdef FROM pg_indexes
  WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
    -- Prisma's schema cannot say that an index is partial, or over what a function gives.
    AND indexdef NOT LIKE '% WHERE %' AND indexdef NOT LIKE '% USING gin (%' AND indexdef NOT LIKE '%lower(%'
  UNION ALL
  SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'p') AND conrelid <> '_prisma_migrations'::regclass
  ORDER BY 1, 2`;

async function shapeOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE IF NOT EXISTS _prisma_migrations (id text PRIMARY KEY)");
  const { rows } = await client.query<{ what: string; name: string; shape: string }>(SHAPE);
  await client.end();
  return rows.map(({ what, name, shape }) => `${what} ${name}: ${shape}`);
}

async function databaseOf(schema: string): Promise<{ url: string; drop(): Promise<void> }> {
  const database = await emptyDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(await sqlFromSchemas(null, schema));
  await client.end();
  return database;
}

test("schema.prisma and the migrations say the same", async () => {
  const migrated = await emptyDatabase();
  await migrate(migrated.url);
  const declared = await databaseOf(await readFile("prisma/schema.prisma", "utf8"));
  expect(await shapeOf(migrated.url)).toEqual(await shapeOf(declared.url));
  await Promise.all([migrated.drop(), declared.drop()]);
});

test("a column that only schema.prisma has is noticed", async () => {
  const schema = await readFile("prisma/schema.prisma", "utf8");
  const changed = await databaseOf(schema.replace("  minutes       Int\n", "  minutes       Int\n  hours Int?\n"));
  const migrated = await emptyDatabase();
  await migrate(migrated.url);
  expect(await shapeOf(changed.url)).not.toEqual(await shapeOf(migrated.url));
  await Promise.all([migrated.drop(), changed.drop()]);
});

test("migrations run once, and one that was edited afterwards is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "daypass-migrations-"));
  await cp("prisma/migrations", folder, { recursive: true });
  const { url, drop } = await emptyDatabase();
  expect((await migrate(url, folder)).length).toBeGreaterThan(0);
  expect(await migrate(url, folder)).toEqual([]);
  await writeFile(join(folder, "20261124000000_start", "migration.sql"), "SELECT 1;");
  await expect(migrate(url, folder)).rejects.toThrow("edited after it was applied");
  await Promise.all([drop(), rm(folder, { recursive: true })]);
});

test("two machines that migrate at once do it once", async () => {
  const { url, drop } = await emptyDatabase();
  const [one, other] = await Promise.all([migrate(url), migrate(url)]);
  expect([...one, ...other].length).toBe(new Set([...one, ...other]).size);
  await drop();
});
