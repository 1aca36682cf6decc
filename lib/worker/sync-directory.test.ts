import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import type { AccessProvider, DirectoryAccount } from "../providers/provider.ts";
import { syncDirectory } from "./sync-directory.ts";

const ISSUER = "https://login.example.com";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 2 });
  await db.connection.create({ data: { name: "aws", provider: "aws" } });
});
beforeEach(async () => {
  await db.binding.deleteMany();
  await db.person.deleteMany();
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

test("an account that was kept by its name is kept by its id from then on, and stays its person's", async () => {
  const omar = await person("omar");
  await sync([account("omar")]);
  await sync([account("omar", { externalId: "AIDA1" })]);
  expect(await db.providerAccount.findMany()).toMatchObject([{ personId: omar, externalId: "AIDA1" }]);
  await sync([account("omar.h", { externalId: "AIDA1" })]);
  expect(await db.providerAccount.findMany()).toMatchObject([{ personId: omar, username: "omar.h" }]);
});

test("an account without a subject belongs to the one person who bears its user name", async () => {
  const omar = await person("omar");
  await sync([account("omar")]);
  expect(await owners()).toEqual({ omar });
});

test("whoever takes another's user name later does not get the account", async () => {
  const omar = await person("omar");
  const mallory = await person("mallory");
  await sync([account("omar")]);

  await db.person.update({ where: { id: mallory }, data: { username: "omar" } });
  await db.person.update({ where: { id: omar }, data: { username: "omar.o" } });
  await sync([account("omar")]);

  expect(await owners()).toEqual({ omar });
});

test("a user name that two people bear is nobody's, and the others are still linked", async () => {
  await person("omar");
  await person("omar");
  const lena = await person("lena");
  await sync([account("omar"), account("lena")]);
  expect(await owners()).toEqual({ lena });
});

test("the provider's word on whose account it is counts more than a user name", async () => {
  const omar = await person("omar");
  await sync([account("omar", { externalId: "7" })]);
  await sync([account("omar", { externalId: "7", subject: "lena-1", email: "lena@acme.test" })]);

  const lena = await db.person.findUniqueOrThrow({ where: { issuer_subject: { issuer: ISSUER, subject: "lena-1" } } });
  expect(lena.id).not.toBe(omar);
  expect(await owners()).toEqual({ 7: lena.id });
});

test("a person whom the provider moves to another account follows it", async () => {
  await sync([account("maya", { externalId: "7", subject: "maya-1" })]);
  await sync([account("maya2", { externalId: "8", subject: "maya-1" })]);
  const maya = await db.person.findFirstOrThrow();
  expect(await owners()).toEqual({ 8: maya.id });
});

test.each([
  ["is gone", []],
  ["is blocked", [{ ...account("maya", { externalId: "7", subject: "maya-1" }), active: false }]],
  ["bears another's subject", [account("maya", { externalId: "7", subject: "lena-1" })]],
])("an account that %s stays linked while we hold access there", async (_what, listed) => {
  await sync([account("maya", { externalId: "7", subject: "maya-1" })]);
  const maya = await db.person.findFirstOrThrow();
  const place = { connection: "aws", kind: "aws-iam-group", target: "admins" };
  const binding = await db.binding.create({
    data: { id: newId(), personId: maya.id, ...place, intended: { state: "present", level: "member", until: null } },
  });
  await sync(listed);
  expect(await owners()).toEqual({ 7: maya.id });

  await db.binding.delete({ where: { id: binding.id } });
  await sync(listed);
  expect((await owners())["7"]).not.toBe(maya.id);
});

test("a renamed account keeps its person", async () => {
  await sync([account("maya", { externalId: "7", subject: "maya-1" })]);
  await sync([account("maya.m", { externalId: "7", subject: "maya-1" })]);
  expect(await db.providerAccount.findMany({ select: { externalId: true, username: true } })).toEqual([
    { externalId: "7", username: "maya.m" },
  ]);
});

function account(username: string, more: Partial<DirectoryAccount> = {}): DirectoryAccount {
  return { externalId: username, username, name: username, email: null, subject: null, active: true, ...more };
}

async function sync(accounts: readonly DirectoryAccount[]): Promise<void> {
  const provider: Partial<AccessProvider> = {
    async *listAccounts() {
      yield* accounts;
    },
    async *listGroups() {},
  };
  await syncDirectory("aws", provider as AccessProvider, { db, issuer: ISSUER });
}

async function person(username: string): Promise<string> {
  const id = newId();
  await db.person.create({
    data: { id, issuer: ISSUER, subject: id, email: `${username}@acme.test`, name: username, username },
  });
  return id;
}

/** Person by account. */
async function owners(): Promise<Record<string, string>> {
  const rows = await db.providerAccount.findMany();
  return Object.fromEntries(rows.map(({ externalId, personId }) => [externalId, personId]));
}
