import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../../db/client.ts";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import type { Place, PlaceKind } from "../../domain/entitlement.ts";
import { isManaged } from "../../domain/unknown-access.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "../testing/company.ts";
import { accessShare } from "./access-share.ts";

const PLACES: readonly (readonly [PlaceKind, string])[] = [
  ["gitlab-group", "acme/roles/payments-maintainer"],
  ["gitlab-group", "acme/Roles/deep/er"],
  ["gitlab-group", "roles/top"],
  ["gitlab-group", "acme/roles"],
  ["gitlab-group", "acme/payroles/x"],
  ["gitlab-project", "acme/roles/project"],
  ["aws-iam-role", "deployer"],
];

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 3 });
  company = await foundCompany(db);
  const levels = { "gitlab-group": "maintainer", "gitlab-project": "maintainer", "aws-iam-role": "assume" } as const;
  const others = PLACES.slice(1).map(([kind, target]) => ({
    connection: kind === "aws-iam-role" ? "aws" : "gitlab",
    kind,
    target,
    level: levels[kind as keyof typeof levels],
  }));
  await company.publish({ entitlements: others }, "many places", "platform");
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const share = (who: Username = "ines") => accessShare(company.viewer(who), { db });
const nothing = { places: 0, lookedAt: null, temporary: 0, raised: 0, kept: 0, unexplained: 0 };

async function lookedAt({ connection, kind, target }: Place, at: Date): Promise<string> {
  const { id } = await db.managedPlace.create({ data: { id: newId(), connection, kind, target, lookedAt: at } });
  return id;
}

const stranger = (placeId: string, name: string, rest: object = {}) =>
  db.unknownAccess.create({
    data: {
      id: newId(),
      placeId,
      externalId: name,
      username: name,
      level: "owner",
      foundAt: new Date(0),
      seenAt: new Date(0),
      ...rest,
    },
  });

test("before any place was looked at nothing is known", async () => {
  expect(await share()).toEqual(nothing);
});

test("access through a grant, over something that was there, kept and unexplained", async () => {
  await company.grant("maya", "payments", "omar");
  const placeId = await lookedAt(GITLAB, new Date("2026-11-24T10:00:00Z"));
  expect(await share()).toMatchObject({ places: 1, temporary: 0 });

  const present = { state: "present", level: "maintainer", until: null };
  await db.binding.updateMany({ data: { intended: present, confirmed: present } });
  await stranger(placeId, "sam");
  await stranger(placeId, "kim", { keptUntil: new Date("2999-01-01T00:00:00Z"), keptLevel: "owner" });
  await stranger(placeId, "was kept", { keptUntil: new Date("2020-01-01T00:00:00Z"), keptLevel: "owner" });
  await stranger(placeId, "gone", { goneAt: new Date() });
  // The same account as maya's grant: what it has is the grant's.
  await stranger(placeId, company.idOf("maya"));
  // The group at AWS was never listed, so what maya has there is not counted either.
  const seen = { places: 1, lookedAt: new Date("2026-11-24T10:00:00Z"), raised: 0, kept: 1, unexplained: 2 };
  expect(await share()).toEqual({ ...seen, temporary: 1 });

  await db.binding.updateMany({
    where: { target: GITLAB.target },
    data: { baseline: { state: "present", level: "developer", until: null } },
  });
  expect(await share()).toEqual({ ...seen, temporary: 0, raised: 1 });
  await db.binding.updateMany({ where: { target: GITLAB.target }, data: { drift: "removed-by-hand" } });
  expect(await share()).toEqual({ ...seen, temporary: 0, raised: 0 });
});

test("owners see the places of their roles", async () => {
  await lookedAt(AWS, new Date("2026-11-24T09:00:00Z"));
  expect(await share("omar")).toMatchObject({ places: 2, temporary: 1, lookedAt: new Date("2026-11-24T09:00:00Z") });
  expect(await share("noor")).toEqual(nothing);
});

test("the places that count are those that the rule calls managed", async () => {
  for (const [kind, target] of PLACES.slice(1))
    await lookedAt({ connection: kind === "aws-iam-role" ? "aws" : "gitlab", kind, target }, new Date());
  const managed = PLACES.slice(1).filter(([kind, target]) => isManaged({ kind, target }));
  expect(managed.length).toBe(3);
  expect((await share("noor")).places).toBe(managed.length);
});
