import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { daypassAdapter } from "./adapter.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 3 });
  company = await foundCompany(db);
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const later = () => new Date(Date.now() + 60_000);
const adapter = (issuer = "test") => daypassAdapter(db, issuer) as Required<ReturnType<typeof daypassAdapter>>;
const account = (providerAccountId: string) => ({ provider: "oidc", providerAccountId });

test("a person is found by issuer and subject, and by nothing else", async () => {
  expect(await adapter().getUserByAccount(account("maya"))).toMatchObject({ id: company.idOf("maya") });
  expect(await adapter("https://elsewhere").getUserByAccount(account("maya"))).toBeNull();
  expect(await adapter().getUserByEmail("maya@acme.test")).toBeNull();
});

test("a copy of the session table signs nobody in", async () => {
  const userId = company.idOf("maya");
  await adapter().createSession({ sessionToken: "the cookie", userId, expires: later() });
  const [row] = await db.session.findMany({ where: { personId: userId } });
  expect(JSON.stringify(row)).not.toContain("the cookie");
  expect(await adapter().getSessionAndUser(row!.tokenHash)).toBeNull();
  expect(await adapter().getSessionAndUser("the cookie")).toMatchObject({ user: { name: "Maya" } });
});

test("a session is not prolonged, and ends where it is ended", async () => {
  const userId = company.idOf("omar");
  const expires = later();
  await adapter().createSession({ sessionToken: "omars", userId, expires });
  expect(await adapter().updateSession({ sessionToken: "omars", expires: new Date("2100-01-01") })).toBeNull();
  expect((await db.session.findFirstOrThrow({ where: { personId: userId } })).expires).toEqual(expires);
  await adapter().deleteSession("omars");
  expect(await adapter().getSessionAndUser("omars")).toBeNull();
  expect(await adapter().getSessionAndUser("the cookie")).not.toBeNull();
});

test("signing in clears away one's own sessions that are over", async () => {
  const [lena, noor] = [company.idOf("lena"), company.idOf("noor")];
  for (const userId of [lena, noor])
    await adapter().createSession({ sessionToken: `old ${userId}`, userId, expires: new Date(0) });
  await adapter().createSession({ sessionToken: "new", userId: lena, expires: later() });
  expect(await db.session.count({ where: { personId: lena } })).toBe(1);
  expect(await db.session.count({ where: { personId: noor } })).toBe(1);
});

test("to a deactivated person's session nobody belongs", async () => {
  const userId = company.idOf("theo");
  await adapter().createSession({ sessionToken: "theos", userId, expires: later() });
  await db.person.update({ where: { id: userId }, data: { deactivatedAt: new Date() } });
  expect(await adapter().getSessionAndUser("theos")).toBeNull();
  expect(await adapter().getUserByAccount(account("theo"))).toBeNull();
});
