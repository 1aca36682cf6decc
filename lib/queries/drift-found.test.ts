import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { driftCursor, driftFound } from "./drift-found.ts";
import { lastLooks } from "./last-looks.ts";
import { GITLAB, USERNAMES, foundCompany, type Company, type Username } from "./testing/company.ts";
import { watchesOverRoles } from "./watches-over-roles.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let grantId: string;
const placeId = newId();

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await company.publish({ entitlements: [{ ...GITLAB, target: "acme/roles/platform" }] }, "apart", "platform");
  ({ grantId } = await company.grant("maya", "payments", "omar"));
  await db.binding.updateMany({
    where: { personId: company.idOf("maya"), target: GITLAB.target },
    data: {
      drift: "removed-by-hand",
      driftAt: new Date(5_000),
      seen: { state: "absent" },
      intended: { state: "present", level: "maintainer", until: null },
    },
  });
  const { connection, kind, target } = GITLAB;
  await db.managedPlace.create({ data: { id: placeId, connection, kind, target } });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const found = (username: Username, filter: { kept?: boolean; before?: string; limit?: number } = {}) =>
  driftFound(company.viewer(username), { limit: 100, ...filter }, { db });
const seenBy = async (kept = false) => {
  const seen = await Promise.all(USERNAMES.map(async (name) => [name, (await found(name, { kept })).length]));
  return Object.fromEntries(seen) as Record<Username, number>;
};

async function unknown(username: string, foundAt: number, changes: object = {}) {
  const data = { id: newId(), placeId, externalId: username, username, level: "owner", ...changes };
  return db.unknownAccess.create({ data: { ...data, foundAt: new Date(foundAt), seenAt: new Date(foundAt) } });
}

test("admins, auditors and owners of the role see drift; the person and other owners do not", async () => {
  expect(await seenBy()).toEqual({ maya: 0, omar: 1, lena: 0, noor: 0, ines: 1, theo: 1 });
});

test("the page is there for those who own a role, even while nothing drifts", async () => {
  const may = await Promise.all(
    USERNAMES.map(async (username) => [username, await watchesOverRoles(company.viewer(username), { db })]),
  );
  expect(Object.fromEntries(may)).toEqual({ maya: false, omar: true, lena: false, noor: true, ines: true, theo: true });
});

test("drift names the place, what is seen, and the open grant to look at", async () => {
  expect(await found("omar")).toMatchObject([
    { personName: "Maya", target: GITLAB.target, drift: "removed-by-hand", seen: { state: "absent" }, grantId },
  ]);
});

test("access behind no grant is shown to the owners of a role that gives the place, who decide; auditors only see", async () => {
  await unknown("eve", 9_000);
  expect(await seenBy()).toEqual({ maya: 0, omar: 2, lena: 0, noor: 0, ines: 2, theo: 2 });
  const first = async (username: Username) => (await found(username))[0];
  expect(await first("omar")).toMatchObject({
    drift: "unknown-access",
    account: "eve",
    personName: null,
    seen: { state: "present", level: "owner" },
    mayDecide: true,
  });
  expect(await first("ines")).toMatchObject({ mayDecide: true });
  expect(await first("theo")).toMatchObject({ drift: "unknown-access", mayDecide: false });
});

test("an exception in force is apart from the findings, and comes back among them when its day is over", async () => {
  const kept = await unknown("bot", 8_000, { keptUntil: new Date(Date.now() + 60_000), keptReason: "on call" });
  expect((await found("omar")).map(({ account }) => account)).not.toContain("bot");
  expect(await found("omar", { kept: true })).toMatchObject([{ account: "bot", keptReason: "on call" }]);
  expect(await seenBy(true)).toEqual({ maya: 0, omar: 1, lena: 0, noor: 0, ines: 1, theo: 1 });
  await db.unknownAccess.update({ where: { id: kept.id }, data: { keptUntil: new Date(Date.now() - 1) } });
  expect((await found("omar")).map(({ account }) => account)).toContain("bot");
  expect(await found("omar", { kept: true })).toEqual([]);
  await db.unknownAccess.delete({ where: { id: kept.id } });
});

test("while a grant holds the same account's access there, or when it is gone, it is no finding", async () => {
  const account = await db.providerAccount.findFirstOrThrow({
    where: { personId: company.idOf("maya"), connection: "gitlab" },
  });
  const held = await unknown("maya", 7_000, { externalId: account.externalId });
  const gone = await unknown("was here", 7_000, { goneAt: new Date() });
  expect((await found("ines")).map(({ account }) => account)).toEqual(["eve", "maya"]);
  expect((await found("ines"))[1]).toMatchObject({ drift: "removed-by-hand" });
  await db.unknownAccess.deleteMany({ where: { id: { in: [held.id, gone.id] } } });
});

test("a place that is not there and an account that is renamed or gone under a grant are findings too", async () => {
  await db.managedPlace.update({ where: { id: placeId }, data: { missingSince: new Date(6_000) } });
  const maya = { personId_connection: { personId: company.idOf("maya"), connection: "gitlab" } };
  const renamedAt = new Date(Date.now() + 60_000);
  await db.providerAccount.update({ where: maya, data: { username: "maya.c", renamedFrom: "maya", renamedAt } });
  expect((await found("omar")).map(({ drift }) => drift)).toEqual([
    "account-renamed",
    "unknown-access",
    "place-missing",
    "removed-by-hand",
  ]);
  expect((await found("omar"))[0]).toMatchObject({ account: "maya.c", formerly: "maya", grantId });

  await db.providerAccount.update({ where: maya, data: { missingSince: new Date() } });
  expect((await found("omar"))[0]).toMatchObject({ drift: "account-missing", personName: "Maya", account: "maya.c" });
  expect((await found("noor")).length).toBe(0);
  await db.managedPlace.update({ where: { id: placeId }, data: { missingSince: null } });
});

test("a place where nobody can tell who has access is a finding with what stands there", async () => {
  const unclear = { unclearSince: new Date(20_000), unclearFound: '{"Sid":"Daypass"}' };
  await db.managedPlace.update({ where: { id: placeId }, data: unclear });
  const expected = { drift: "place-unclear", target: GITLAB.target, found: unclear.unclearFound, mayDecide: false };
  for (const name of ["omar", "theo"] as const)
    expect(await found(name), name).toContainEqual(expect.objectContaining(expected));
  for (const name of ["noor", "maya"] as const) expect(await found(name), name).toEqual([]);
  await db.managedPlace.update({ where: { id: placeId }, data: { unclearSince: null, unclearFound: null } });
});

test("many findings come page by page, each once, also those of one moment", async () => {
  for (let n = 0; n < 7; n += 1) await unknown(`many${n}`, 1_000);
  const all = await found("omar");
  const paged = [];
  for (let before: string | undefined; ;) {
    const page = await found("omar", { limit: 3, ...(before ? { before } : {}) });
    paged.push(...page);
    const last = page.at(-1);
    if (page.length < 3 || !last) break;
    before = driftCursor(last);
  }
  expect(paged).toEqual(all);
  expect(all.length).toBeGreaterThan(7);
});

test("when the last grant of their role is over it is no longer the owner's business", async () => {
  await db.unknownAccess.deleteMany();
  await db.grant.update({ where: { id: grantId }, data: { closedAt: new Date(0), state: "ENDED" } });
  expect(await found("omar")).toEqual([]);
  expect(await found("theo")).toMatchObject([{ grantId: null }]);
});

test("says how old the oldest look is, and how many places could not be looked at", async () => {
  const looks = (username: Username) => lastLooks(company.viewer(username), { db });
  expect(await looks("omar")).toEqual({ places: 1, unseen: 1, since: null, lastError: null });
  const mine = { where: { id: placeId } };
  await db.managedPlace.update({ ...mine, data: { lookedAt: new Date(7_000), lastError: "fetch failed" } });
  expect(await looks("omar")).toMatchObject({ unseen: 1, lastError: "fetch failed" });
  await db.managedPlace.update({ ...mine, data: { lookedAt: new Date(8_000), lastError: null } });
  expect(await looks("omar")).toEqual({ places: 1, unseen: 0, since: new Date(8_000), lastError: null });
  expect(await looks("theo")).toMatchObject({ places: 1 });
  expect(await looks("noor")).toMatchObject({ places: 0, since: null });
  expect(await looks("maya")).toMatchObject({ places: 0 });
});
