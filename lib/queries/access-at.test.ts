import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { SYSTEM } from "../domain/actor.ts";
import type { ChangeKind, Json } from "../domain/change.ts";
import { accessAt } from "./access-at.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "./testing/company.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;
const moments: Date[] = [];

/** What the worker would write, an hour apart, and the moment right after each. */
async function happened(username: Username, target: string, kind: ChangeKind, after: Json): Promise<void> {
  const personId = company.idOf(username);
  const binding = await db.binding.findFirstOrThrow({ where: { personId, target } });
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 60 * 60000`;
  const now = await databaseNow(db);
  const entry = { kind, about: { person: username, target }, personId, bindingId: binding.id, after };
  await db.$transaction((tx) => record(tx, SYSTEM, now, [entry]));
  moments.push(now);
}
const present = (level: string): Json => ({ state: "present", level, until: null });
const absent: Json = { state: "absent" };

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 2 });
  company = await foundCompany(db);
  await company.grant("maya", "payments", "omar");
  await company.grant("lena", "platform", "noor");
  await happened("maya", GITLAB.target, "binding.applied", present("maintainer"));
  await happened("maya", AWS.target, "binding.applied", present("member"));
  await happened("lena", GITLAB.target, "binding.applied", present("maintainer"));
  await happened("maya", GITLAB.target, "binding.drifted", present("developer"));
  await happened("maya", AWS.target, "binding.removed", absent);
  await happened("maya", GITLAB.target, "binding.restored", present("guest"));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function held(who: Username, moment: number, asked: { place?: string; person?: string } = {}) {
  const at = moments[moment] ?? new Date(0);
  const rows = await accessAt(company.viewer(who), { ...asked, at, limit: 50 }, { db });
  return rows.map(({ person, target, level }) => `${person}: ${level} of ${target}`);
}

test("who had access to a place, at each moment", async () => {
  const place = GITLAB.target;
  expect(await held("ines", 0, { place })).toEqual([`Maya: maintainer of ${place}`]);
  expect(await held("ines", 2, { place })).toEqual([`Lena: maintainer of ${place}`, `Maya: maintainer of ${place}`]);
});

test("a hand's change counts from then on", async () => {
  expect(await held("ines", 3, { place: GITLAB.target, person: company.idOf("maya") })).toEqual([
    `Maya: developer of ${GITLAB.target}`,
  ]);
});

test("what a person had, and that what was put back is not ours", async () => {
  const person = company.idOf("maya");
  expect(await held("theo", 1, { person })).toEqual([
    `Maya: maintainer of ${GITLAB.target}`,
    `Maya: member of ${AWS.target}`,
  ]);
  expect(await held("theo", 4, { person })).toEqual([`Maya: developer of ${GITLAB.target}`]);
  expect(await held("theo", 5, { person })).toEqual([]);
});

test("before anything happened nobody had anything", async () => {
  expect(await accessAt(company.viewer("ines"), { at: new Date(0), limit: 50 }, { db })).toEqual([]);
});

test("the answer names the change that says so, and the grants behind it", async () => {
  const at = moments[0] ?? new Date(0);
  const [row] = await accessAt(company.viewer("ines"), { at, limit: 1 }, { db });
  const change = await db.change.findUniqueOrThrow({ where: { seq: BigInt(row?.seq ?? 0) } });
  expect(change.kind).toBe("binding.applied");
  expect(row?.grants.map((grant) => grant.role)).toEqual(["payments"]);
});

test("owners see their roles', others their own", async () => {
  expect(await held("omar", 2)).toEqual([`Maya: maintainer of ${GITLAB.target}`, `Maya: member of ${AWS.target}`]);
  expect(await held("noor", 2)).toEqual([`Lena: maintainer of ${GITLAB.target}`]);
  expect(await held("lena", 2)).toEqual([`Lena: maintainer of ${GITLAB.target}`]);
  expect(await held("lena", 2, { person: company.idOf("maya") })).toEqual([]);
});
