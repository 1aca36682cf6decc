import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { personSeenBy } from "./person-seen-by.ts";
import { placeSeenBy } from "./place-seen-by.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "./testing/company.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 3 });
  company = await foundCompany(db);
  await company.publish({ entitlements: [AWS] }, "another place", "platform");
  await company.grant("maya", "payments", "omar");
  await company.grant("lena", "platform", "noor");
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

describe("a person", () => {
  const seen = (viewer: Username, who: Username) => personSeenBy(company.viewer(viewer), company.idOf(who), { db });
  const held = async (viewer: Username, who: Username) =>
    (await seen(viewer, who))?.open.map(({ roleSlug }) => roleSlug) ?? null;

  test("is seen by themselves, by owners of what they asked for, by admins and auditors", async () => {
    for (const viewer of ["maya", "omar", "ines", "theo"] as const)
      expect(await held(viewer, "maya")).toEqual(["payments"]);
    for (const viewer of ["lena", "noor"] as const) expect(await held(viewer, "maya")).toBeNull();
  });
  test("shows an owner what they own, and nothing else", async () => {
    const { id: groupId } = await db.group.findFirstOrThrow({ where: { path: "acme/platform" } });
    await db.groupMember.create({ data: { groupId, personId: company.idOf("maya"), isOwner: false } });
    await company.grant("maya", "platform", "noor");
    expect(await held("omar", "maya")).toEqual(["payments"]);
    expect(await held("noor", "maya")).toEqual(["platform"]);
    expect(await held("theo", "maya")).toEqual(["platform", "payments"]);
  });
  test("what ended is there apart", async () => {
    await db.$executeRaw`UPDATE access_grant SET state = 'ENDED', closed_at = daypass_now()
      WHERE person_id = ${company.idOf("lena")}::uuid`;
    const lena = await seen("noor", "lena");
    expect([lena?.open.length, lena?.ended.length]).toEqual([0, 1]);
  });
  test.each(["1", "", "00000000-0000-4000-8000-000000000000", "' OR true --"])("%j is nobody", async (id) => {
    expect(await personSeenBy(company.viewer("ines"), id, { db })).toBeNull();
  });
});

describe("a place", () => {
  const seen = async (viewer: Username, place: typeof GITLAB) => placeSeenBy(company.viewer(viewer), place, { db });

  test("says which roles give it and who has it, as far as the viewer may see", async () => {
    const names = async (viewer: Username, place: typeof GITLAB) => {
      const found = await seen(viewer, place);
      return found && [found.roles.map(({ slug }) => slug), found.open.map(({ personName }) => personName)];
    };
    expect(await names("theo", AWS)).toEqual([
      ["payments", "platform"],
      ["Maya", "Maya"],
    ]);
    expect(await names("omar", AWS)).toEqual([["payments"], ["Maya"]]);
    expect(await names("omar", GITLAB)).toEqual([["payments"], ["Maya"]]);
    expect(await names("lena", GITLAB)).toBeNull();
  });
  test("that a role gave once is still its owner's to see", async () => {
    expect((await seen("noor", GITLAB))?.roles).toEqual([]);
  });
  test("that no role ever gave is none, for anybody", async () => {
    expect(await seen("ines", { ...GITLAB, target: "acme/nowhere" })).toBeNull();
    expect(await seen("ines", { ...GITLAB, connection: "aws" })).toBeNull();
  });
});
