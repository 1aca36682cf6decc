import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { driftFound, mayLookForDrift } from "./drift-found.ts";
import { GITLAB, USERNAMES, foundCompany, type Company, type Username } from "./testing/company.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let grantId: string;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  ({ grantId } = await company.grant("maya", "payments", "omar"));
  await db.binding.updateMany({
    where: { personId: company.idOf("maya"), target: GITLAB.target },
    data: { drift: "removed-by-hand", driftAt: new Date(0), seen: { state: "absent" } },
  });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const found = (username: Username) => driftFound(company.viewer(username), { db });

test("admins, auditors and owners of the role see drift; the person and other owners do not", async () => {
  const seen = await Promise.all(USERNAMES.map(async (username) => [username, (await found(username)).length]));
  expect(Object.fromEntries(seen)).toEqual({ maya: 0, omar: 1, lena: 0, noor: 0, ines: 1, theo: 1 });
});

test("the page is there for those who own a role, even while nothing drifts", async () => {
  const may = await Promise.all(
    USERNAMES.map(async (username) => [username, await mayLookForDrift(company.viewer(username), { db })]),
  );
  expect(Object.fromEntries(may)).toEqual({ maya: false, omar: true, lena: false, noor: true, ines: true, theo: true });
});

test("drift names the place, what is seen, and the open grant to look at", async () => {
  expect(await found("omar")).toMatchObject([
    { personName: "Maya", target: GITLAB.target, drift: "removed-by-hand", seen: { state: "absent" }, grantId },
  ]);
});

test("when the last grant of their role is over it is no longer the owner's business", async () => {
  await db.grant.update({ where: { id: grantId }, data: { closedAt: new Date(0), state: "ENDED" } });
  expect(await found("omar")).toEqual([]);
  expect(await found("theo")).toMatchObject([{ grantId: null }]);
});
