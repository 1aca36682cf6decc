import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { createToken } from "../usecases/create-token.ts";
import { revokeToken } from "../usecases/revoke-token.ts";
import { groupsForRoles } from "./groups-for-roles.ts";
import { myTokens } from "./my-tokens.ts";
import { people, personNamed } from "./people.ts";
import { USERNAMES, foundCompany, type Company, type Username } from "./testing/company.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await company.grant("maya", "payments", "omar");
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const names = async (username: Username, search = "", after?: string, limit = 100) =>
  (await people(company.viewer(username), { search, after, limit }, { db }))?.map(({ name }) => name) ?? null;

describe("the list of people", () => {
  test("is for admins and auditors only", async () => {
    const seen = await Promise.all(USERNAMES.map(async (username) => (await names(username)) !== null));
    expect(USERNAMES.filter((_, i) => seen[i])).toEqual(["ines", "theo"]);
  });
  test("is searched by name, address and user name, and a wildcard is only a character", async () => {
    expect(await names("ines", "MAY")).toEqual(["Maya"]);
    expect(await names("ines", "@acme.test")).toHaveLength(6);
    expect(await names("ines", "%")).toEqual([]);
    expect(await names("ines", "_")).toEqual([]);
    expect(await names("ines", "\\")).toEqual([]);
  });
  test("has pages that follow each other, people of one name included", async () => {
    await db.person.updateMany({ where: { username: { in: ["lena", "noor"] } }, data: { name: "Same" } });
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await people(company.viewer("ines"), { search: "", after, limit: 2 }, { db });
      seen.push(...(page ?? []).map(({ id }) => id));
      after = page?.at(-1)?.id;
      if ((page?.length ?? 0) < 2) break;
    }
    expect(new Set(seen)).toEqual(new Set(USERNAMES.map((username) => company.idOf(username))));
    expect(seen).toHaveLength(6);
  });
  test("a page after nobody, or after what is no id, is empty or the first", async () => {
    expect(await names("ines", "", "00000000-0000-4000-8000-000000000000")).toEqual([]);
    expect(await names("ines", "", "nobody")).toHaveLength(6);
  });
  test("counts open grants", async () => {
    const [maya] = (await people(company.viewer("theo"), { search: "maya", limit: 1 }, { db })) ?? [];
    expect(maya?.openGrants).toBe(1);
  });
});

test("one person is found by user name or address, and never one of several", async () => {
  expect(await personNamed(" Maya@Acme.test ", { db })).toBe(company.idOf("maya"));
  expect(await personNamed("omar", { db })).toBe(company.idOf("omar"));
  expect(await personNamed("nobody", { db })).toBeNull();
  await db.person.update({ where: { id: company.idOf("theo") }, data: { email: "omar" } });
  expect(await personNamed("omar", { db })).toBeNull();
});

test("an admin may name every group in a role, everybody else their own, and nobody one that is gone", async () => {
  const groups = async (username: Username) => groupsForRoles(company.viewer(username), { db });
  expect(await groups("ines")).toEqual(["acme/payments", "acme/platform"]);
  expect(await groups("omar")).toEqual(["acme/payments"]);
  expect(await groups("theo")).toEqual([]);
  await db.group.updateMany({ where: { path: "acme/platform" }, data: { missingSince: new Date(0) } });
  expect(await groups("ines")).toEqual(["acme/payments"]);
});

test("everybody sees their own tokens while they work, and nobody else's", async () => {
  const make = (username: Username, name: string) =>
    createToken(company.actor(username), { name, scopes: ["roles:read"], days: 1 }, { db });
  const mine = async (username: Username) => (await myTokens(company.viewer(username), { db })).map(({ name }) => name);
  await make("maya", "old");
  const gone = await make("maya", "revoked");
  await make("omar", "his");
  await revokeToken(company.actor("maya"), { tokenId: gone.id }, { db });
  expect(await mine("maya")).toEqual(["old"]);
  expect(await mine("omar")).toEqual(["his"]);
  expect(await mine("ines")).toEqual([]);
  await db.clock.update({ where: { id: 1 }, data: { offsetMs: 25 * 3_600_000 } });
  expect(await mine("maya")).toEqual([]);
});
