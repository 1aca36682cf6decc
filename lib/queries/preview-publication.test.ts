import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import type { Entitlement } from "../domain/entitlement.ts";
import { rollbackRole } from "../usecases/rollback-role.ts";
import { previewPublication, previewRollback, type Preview } from "./preview-publication.ts";
import { roleVersionSeenBy } from "./role-version-seen-by.ts";
import { roleVersions } from "./role-versions.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "./testing/company.ts";

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
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

async function preview(entitlements: readonly Entitlement[], username: Username = "ines"): Promise<Preview> {
  const spec = company.spec("acme/payments", { entitlements });
  const found = await previewPublication(company.viewer(username), "payments", spec, { db });
  if (!found) throw new Error("nothing to preview");
  return found;
}

async function followsIn(entitlements: readonly Entitlement[]): Promise<string[]> {
  return (await preview(entitlements)).narrowings.map(({ follows }) => follows);
}

const DEVELOPER: Entitlement = { ...GITLAB, level: "developer" };

describe("what a publication would do", () => {
  test("nothing, when nothing is different", async () => {
    const same = await preview([GITLAB, AWS]);
    expect(same).toMatchObject({ differences: [], narrowings: [], liveGrants: 1, widens: false, expectedVersion: 1 });
  });
  test("who loses what, who keeps what, and which provider calls follow", async () => {
    const { narrowings, kept } = await preview([DEVELOPER]);
    expect(narrowings.map(({ personName, from, to, follows }) => [personName, from, to, follows])).toEqual([
      [
        "Maya",
        "maintainer",
        "developer",
        "GitLab: change maya in acme/roles/payments-maintainer from Maintainer to Developer",
      ],
      ["Maya", "member", null, "AWS: remove IAM user maya from group payments"],
    ]);
    expect(kept).toEqual({});
    expect((await preview([GITLAB])).kept).toEqual({ [grantId]: [GITLAB] });
  });
  test("what is added or raised is for new requests: nobody who has the role gains", async () => {
    const wider = await preview([{ ...GITLAB, level: "owner" }, AWS]);
    expect(wider).toMatchObject({ widens: true, narrowings: [] });
    expect(wider.differences).toEqual([
      { what: "GitLab group acme/roles/payments-maintainer", before: "Maintainer", after: "Owner" },
    ]);
  });
  test("requests that wait for a decision are counted", async () => {
    expect((await preview([GITLAB])).waitingRequests).toBe(0);
    await db.groupMember.updateMany({ where: { personId: company.idOf("maya") }, data: { isOwner: true } });
    await company.ask("omar", "payments");
    await db.groupMember.updateMany({ where: { personId: company.idOf("maya") }, data: { isOwner: false } });
    expect((await preview([GITLAB])).waitingRequests).toBe(1);
  });

  test("another grant, standing access and hand edits keep the provider from being touched", async () => {
    const where = { personId: company.idOf("maya"), target: GITLAB.target };
    await db.binding.updateMany({ where, data: { drift: "removed-by-hand" } });
    expect(await followsIn([AWS])).toEqual(["GitLab: nothing, somebody changed it by hand"]);
    await db.binding.updateMany({
      where,
      data: { drift: null, baseline: { state: "present", level: "maintainer", until: null } },
    });
    expect(await followsIn([AWS])).toEqual(["GitLab: nothing, it was there before Daypass"]);
    await db.binding.updateMany({ where, data: { baseline: { state: "present", level: "reporter", until: null } } });
    expect(await followsIn([AWS])).toEqual([
      "GitLab: change maya in acme/roles/payments-maintainer from Maintainer to Reporter",
    ]);
    await db.binding.updateMany({ where, data: { baseline: { state: "absent" } } });

    const { id } = await db.group.findFirstOrThrow({ where: { path: "acme/platform" } });
    await db.groupMember.create({ data: { groupId: id, personId: company.idOf("maya"), isOwner: false } });
    const second = await company.grant("maya", "platform", "noor");
    expect(await followsIn([AWS])).toEqual(["GitLab: nothing, another grant still wants it"]);
    await db.$executeRaw`UPDATE access_grant SET closed_at = daypass_now() WHERE id = ${second.grantId}::uuid`;
  });
});

test("only an admin and an owner of the owner group may preview; to others there is nothing", async () => {
  const spec = company.spec("acme/payments");
  const seen = await Promise.all(
    (["ines", "omar", "maya", "theo", "noor", "lena"] as const).map(async (username) => [
      username,
      (await previewPublication(company.viewer(username), "payments", spec, { db })) !== null,
      (await previewRollback(company.viewer(username), "payments", 1, { db })) !== null,
    ]),
  );
  expect(seen).toEqual([
    ["ines", true, true],
    ["omar", true, true],
    ["maya", false, false],
    ["theo", false, false],
    ["noor", false, false],
    ["lena", false, false],
  ]);
  expect(await previewRollback(company.viewer("ines"), "payments", 9, { db })).toBeNull();
  expect(await previewPublication(company.viewer("ines"), "nothing", spec, { db })).toBeNull();
});

describe("a publication and a rollback do what the preview said", () => {
  test("the publication takes exactly the previewed places, and they settle when the worker has looked", async () => {
    const said = (await preview([DEVELOPER], "omar")).narrowings;
    await company.publish({ entitlements: [DEVELOPER], maxMinutes: 60 }, "less is enough");
    const held = await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } });
    expect(held.map(({ level }) => level)).toEqual(["developer", null]);

    const settling = async () => (await roleVersionSeenBy(company.viewer("omar"), "payments", 2, { db }))?.settling;
    expect((await settling())?.map(({ from, to, settledAt }) => [from, to, settledAt])).toEqual(
      said.map(({ from, to }) => [from, to, null]),
    );
    await db.$executeRaw`UPDATE grant_binding SET gone_at = daypass_now() WHERE level IS NULL`;
    await db.$executeRaw`UPDATE binding SET seen_at = daypass_now(), due_at = NULL`;
    expect((await settling())?.every(({ settledAt }) => settledAt !== null)).toBe(true);
  });
  test("the rollback makes a new version that says what the old one said, and gives nobody anything back", async () => {
    const back = await previewRollback(company.viewer("omar"), "payments", 1, { db });
    expect(back).toMatchObject({ expectedVersion: 2, narrowings: [], widens: true });
    expect(back?.differences.map(({ what }) => what)).toEqual([
      "Longest time",
      "GitLab group acme/roles/payments-maintainer",
      "AWS IAM group payments",
    ]);
    await rollbackRole(
      company.actor("omar"),
      { slug: "payments", version: 1, expectedVersion: 2, reason: "Back to version 1" },
      { db },
    );
    const rows = await roleVersions(company.viewer("ines"), "payments", { db });
    expect(
      rows?.map(({ version, restores, reason, publishedBy, isCurrent, maxMinutes }) => [
        version,
        restores,
        reason,
        publishedBy,
        isCurrent,
        maxMinutes,
      ]),
    ).toEqual([
      [3, 1, "Back to version 1", "Omar", true, 240],
      [2, null, "less is enough", "Ines", false, 60],
      [1, null, "first", null, false, 240],
    ]);
    const held = await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } });
    expect(held.map(({ level }) => level)).toEqual(["developer", null]);
  });
  test("a preview that somebody overtook is refused", async () => {
    const stale = { slug: "payments", version: 1, expectedVersion: 2, reason: "late" };
    await expect(rollbackRole(company.actor("omar"), stale, { db })).rejects.toMatchObject({
      code: "role-version-stale",
    });
  });
});

describe("who sees versions", () => {
  test("admins, auditors, owners and people who may ask; to others there is nothing", async () => {
    const seen = await Promise.all(
      (["ines", "theo", "omar", "maya", "noor", "lena"] as const).map(
        async (username) => (await roleVersions(company.viewer(username), "payments", { db }))?.length ?? null,
      ),
    );
    expect(seen).toEqual([3, 3, 3, 3, null, null]);
    expect(await roleVersionSeenBy(company.viewer("lena"), "payments", 2, { db })).toBeNull();
    expect(await roleVersionSeenBy(company.viewer("ines"), "payments", 9, { db })).toBeNull();
  });
  test("what others lost is none of the business of somebody who may only ask", async () => {
    await db.group
      .findFirstOrThrow({ where: { path: "acme/payments" } })
      .then(({ id }) =>
        db.groupMember.create({ data: { groupId: id, personId: company.idOf("lena"), isOwner: false } }),
      );
    expect((await roleVersionSeenBy(company.viewer("lena"), "payments", 2, { db }))?.settling).toEqual([]);
    expect((await roleVersionSeenBy(company.viewer("maya"), "payments", 2, { db }))?.settling).toHaveLength(2);
  });
});
