import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredChange } from "../domain/change.ts";
import { committedText } from "../proof/committed.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { redactHistory } from "../worker/redact-history.ts";
import { atDatabase } from "./at-database.ts";
import { openDb, type Db } from "./client.ts";
import { limitRole, roleAt } from "./limit-role.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { verifyChain } from "./verify-chain.ts";

const ROLE = "limited_for_a_test";
const KEPT = [
  "change",
  "checkpoint",
  "signing_key",
  "chain_check",
  "receipt",
  "decision",
  "role_version",
  "entitlement",
];

let owner: Db;
let limited: Db;
let ownerUrl: string;
let url: string;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  ownerUrl = database.url;
  owner = openDb(database.url, { max: 1 });
  await owner.$executeRawUnsafe(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'limited'`);
  await limitRole(database.url, ROLE);
  url = Object.assign(new URL(database.url), { username: ROLE, password: "limited" }).href;
  limited = openDb(url, { max: 2 });
  company = await foundCompany(limited);
  drop = async () => {
    await database.drop();
    const client = new pg.Client({ connectionString: atDatabase("postgres", database.url) });
    await client.connect();
    await client.query(`DROP ROLE ${ROLE}`);
    await client.end();
  };
});
afterAll(async () => {
  await limited.$disconnect();
  await owner.$disconnect();
  await drop();
});

test("the limited role can do all that people do, and the history tells it", async () => {
  await company.grant("maya", "payments", "omar");
  const { end, brokenAt } = await verifyChain(limited);
  expect({ isLong: end.seq > 4n, brokenAt }).toEqual({ isLong: true, brokenAt: null });
  expect(await limited.changePending.count()).toBe(0);
});

test("it can be limited again while it works", async () => {
  await limitRole(ownerUrl, ROLE);
  await company.ask("lena", "platform");
  expect((await verifyChain(limited)).brokenAt).toBeNull();
});

test("rights mean something to the limited role, and nothing to the owner", async () => {
  expect(await roleAt(url)).toEqual({ name: ROLE, isLimited: true });
  expect(await roleAt(ownerUrl)).toMatchObject({ isLimited: false });
});

describe.each([...KEPT, "chain_head"])("the limited role cannot", (table) => {
  const firstColumn = async () => {
    const [column] = await owner.$queryRaw<[{ name: string }]>`
      SELECT attname AS name FROM pg_attribute WHERE attrelid = ${table}::regclass AND attnum = 1`;
    return column.name;
  };
  test.each([
    ["update", (column: string) => `UPDATE ${table} SET ${column} = ${column}`],
    ["delete from", () => `DELETE FROM ${table}`],
    ["empty", () => `TRUNCATE ${table} CASCADE`],
    ["drop", () => `DROP TABLE ${table} CASCADE`],
    ["silence the triggers of", () => `ALTER TABLE ${table} DISABLE TRIGGER ALL`],
    ["own", () => `ALTER TABLE ${table} OWNER TO ${ROLE}`],
  ])(`%s ${table}`, async (_what, statement) => {
    await expect(limited.$executeRawUnsafe(statement(await firstColumn()))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });
});

test("the limited role cannot chain anything but through its own commit", async () => {
  await expect(limited.$executeRaw`INSERT INTO change SELECT * FROM change LIMIT 1`).rejects.toThrow(
    "permission denied",
  );
  await expect(limited.$executeRaw`SET session_replication_role = replica`).rejects.toThrow("permission denied");
  await expect(limited.$executeRaw`CREATE TABLE mine (a int)`).rejects.toThrow("permission denied");
  await expect(limited.$executeRaw`SET ROLE postgres`).rejects.toThrow("permission denied");
  await expect(limited.$executeRaw`UPDATE _prisma_migrations SET checksum = 'x'`).rejects.toThrow("permission denied");
});

test("the limited role redacts nothing without a policy, and nobody else may try", async () => {
  const [{ seq, body }] = await limited.$queryRaw<[{ seq: bigint; body: string }]>`
    SELECT seq, body FROM change WHERE actor_kind = 'person' ORDER BY seq LIMIT 1`;
  const committed = committedText(body, JSON.parse(body) as StoredChange);
  const [{ count }] = await limited.$queryRaw<[{ count: bigint }]>`
    SELECT redact_changes(ARRAY[${seq}::bigint], ARRAY[${committed}]) AS count`;
  expect(count).toBe(0n);
  const [{ open }] = await owner.$queryRaw<[{ open: boolean }]>`
    SELECT bool_or(has_function_privilege('public', oid, 'EXECUTE')) AS open FROM pg_proc
    WHERE proname IN ('redact_changes', 'redact_copies')`;
  expect(open).toBe(false);
});

test("even the owner can change an entry in one way only: into its committed form, once", async () => {
  const [entry] = await owner.$queryRaw<[{ seq: bigint; body: string }]>`
    SELECT seq, body FROM change WHERE actor_kind = 'person' AND why IS NOT NULL ORDER BY seq LIMIT 1`;
  const committed = committedText(entry.body, JSON.parse(entry.body) as StoredChange) ?? "";
  const change = (set: string, body = committed) =>
    owner.$executeRawUnsafe(`UPDATE change SET ${set} WHERE seq = ${entry.seq}`, ...(set.includes("$1") ? [body] : []));
  const rightly = "body = $1, actor_name = NULL, why = NULL, redacted_by = gen_random_uuid()";
  for (const set of [
    "why = NULL",
    "redacted_by = gen_random_uuid()",
    "body = $1, actor_name = NULL, why = NULL",
    "body = $1, actor_name = NULL, redacted_by = gen_random_uuid()",
    `${rightly}, kind = 'role.created'`,
    `${rightly}, seq = 1000000`,
    `${rightly}, hash = sha256('x')`,
  ])
    await expect(change(set)).rejects.toThrow("only grows");
  await expect(change(rightly, committed.replace('"via":"web"', '"via":"api"'))).rejects.toThrow("only grows");
  await owner
    .$transaction(async (tx) => {
      expect(await tx.$executeRawUnsafe(`UPDATE change SET ${rightly} WHERE seq = ${entry.seq}`, committed)).toBe(1);
      await expect(tx.$executeRaw`UPDATE change SET redacted_by = NULL WHERE seq = ${entry.seq}`).rejects.toThrow(
        "only grows",
      );
      throw new Error("never mind");
    })
    .catch((error: unknown) => expect(String(error)).toContain("never mind"));
});

test("a committed form that does not belong to its body is refused when it is said", async () => {
  const [{ body }] = await owner.$queryRaw<[{ body: string }]>`
    SELECT body FROM change WHERE actor_kind = 'person' ORDER BY seq LIMIT 1`;
  const committed = committedText(body, JSON.parse(body) as StoredChange) ?? "";
  const say = (said: string, form: string) =>
    limited.$executeRaw`SELECT append_changes(ARRAY[${said}], ARRAY[${form}])`;
  for (const [said, form] of [
    [body, committed.replace('"via":"web"', '"via":"api"')],
    [body, committed.replace(/[0-9a-f]{64}/, "0".repeat(64))],
    [body, body],
    [committed, body],
  ] as const)
    await expect(say(said, form)).rejects.toThrow("change_pending_committed");
});

test("the triggers stand even for a superuser who plays replica", async () => {
  for (const table of KEPT) {
    const replay = (statement: string) =>
      owner.$transaction(async (tx) => {
        await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
        await tx.$executeRawUnsafe(statement);
      });
    await expect(replay(`TRUNCATE ${table} CASCADE`)).rejects.toThrow("only grows");
    const [{ filled }] = await owner.$queryRawUnsafe<[{ filled: boolean }]>(
      `SELECT EXISTS (SELECT FROM ${table}) AS filled`,
    );
    if (filled) await expect(replay(`DELETE FROM ${table}`)).rejects.toThrow("only grows");
  }
  await expect(owner.$executeRaw`DELETE FROM chain_head`).rejects.toThrow("only grows");
  await expect(owner.$executeRaw`TRUNCATE chain_head`).rejects.toThrow("only grows");
});

test("with a policy the limited role redacts what is over, and the history stays whole", async () => {
  await owner.$executeRaw`UPDATE access_grant SET state = 'ENDED', closed_at = daypass_now()`;
  await owner.$executeRaw`UPDATE clock SET offset_ms = 31::bigint * 86400000`;
  await limited.$executeRaw`UPDATE retention SET days = 30`;
  expect(await redactHistory(limited)).toBeGreaterThan(3);
  expect((await verifyChain(limited)).brokenAt).toBeNull();
  expect(await limited.accessRequest.count({ where: { redactedAt: { not: null } } })).toBeGreaterThan(0);
});
