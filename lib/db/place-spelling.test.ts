import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { emptyDatabase } from "./testing/fresh-database.ts";

const ID = "00000000-0000-7000-8000-0000000000";

/** A database from before case was ignored, then migrated. Gives whose binding has which target, and whether it is live. */
async function migratedFrom(sql: string): Promise<string[]> {
  const { url, drop } = await emptyDatabase();
  const folder = await mkdtemp(join(tmpdir(), "daypass-migrations-"));
  await cp("prisma/migrations", folder, { recursive: true });
  for (const name of (await readdir(folder)).filter((one) => one >= "20261124002100"))
    await rm(join(folder, name), { recursive: true });
  await migrate(url, folder);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Which roles have the lines is of no account here.
  await client.query(`SET session_replication_role = replica; ${sql}`);
  await migrate(url);
  const { rows } = await client.query<{ said: string }>(`
    SELECT right(person_id::text, 1) || ' ' || target || CASE WHEN intended IS NULL THEN '' ELSE ' live' END AS said
    FROM binding`);
  await client.end();
  await Promise.all([drop(), rm(folder, { recursive: true })]);
  return rows.map(({ said }) => said).sort();
}

const person = (n: number) =>
  `INSERT INTO person (id, issuer, subject, email, name, username)
    VALUES ('${ID}0${String(n)}', 'test', '${String(n)}', '${String(n)}@acme.test', '', '${String(n)}');`;
const lines = (...targets: string[]) =>
  targets
    .map(
      (target, i) => `INSERT INTO entitlement (id, role_version_id, connection, kind, target, level)
        VALUES ('${ID}${String(i + 10)}', gen_random_uuid(), 'gitlab', 'gitlab-group', '${target}', 'owner');`,
    )
    .join("");
const binding = (whose: number, target: string, isLive = false) =>
  `INSERT INTO binding (id, person_id, connection, kind, target, intended)
    VALUES (gen_random_uuid(), '${ID}0${String(whose)}', 'gitlab', 'gitlab-group', '${target}',
      ${isLive ? `'{"state":"present"}'` : "NULL"});`;

test("a database with several spellings of one place migrates, and each person goes on with one binding", async () => {
  const before = [
    ...[1, 2, 3, 4, 5, 6].map(person),
    lines("acme/roles/A", "acme/roles/a", "acme/roles/b"),
    // One spelling, the last or another.
    binding(1, "acme/roles/a", true) + binding(2, "acme/roles/A", true),
    // Both: the one with access goes on, and where both have it, the last spelling.
    binding(3, "acme/roles/a") + binding(3, "acme/roles/A", true),
    binding(4, "acme/roles/a", true) + binding(4, "acme/roles/A", true),
    // Two, and neither is the last.
    binding(5, "Acme/roles/a") + binding(5, "acme/Roles/a", true),
    binding(6, "acme/roles/b") + binding(6, "acme/roles/nobody-gave-it"),
  ];
  expect(await migratedFrom(before.join(""))).toEqual([
    "1 acme/roles/a live",
    "2 acme/roles/a live",
    "3 acme/roles/A",
    "3 acme/roles/a live",
    "4 acme/roles/A live",
    "4 acme/roles/a live",
    "5 Acme/roles/a",
    "5 acme/roles/a live",
    "6 acme/roles/b",
    "6 acme/roles/nobody-gave-it",
  ]);
});
