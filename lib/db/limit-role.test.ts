import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foundCompany, type Company } from "../queries/testing/company.ts";
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
