import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { v7 as newId } from "uuid";
import type { Entitlement } from "../domain/entitlement.ts";
import { openDb, type Db, type Tx } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { asSpelled } from "../db/place-spelling.ts";
import { AWS, GITLAB, foundCompany, type Company } from "../queries/testing/company.ts";
import { placeSeenBy } from "../queries/place-seen-by.ts";
import { previewPublication, previewTyped } from "../queries/preview-publication.ts";
import { approveWidening } from "./approve-widening.ts";
import { createRole } from "./create-role.ts";
import { rollbackRole } from "./rollback-role.ts";
import { switchFourEyes } from "./switch-four-eyes.ts";

const OTHERWISE: Entitlement = { ...GITLAB, target: "acme/roles/Payments-Maintainer" };
const LEDGER: Entitlement = { ...GITLAB, target: "acme/roles/ledger" };
const LEDGER_OTHERWISE: Entitlement = { ...GITLAB, target: "acme/Roles/Ledger" };

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeEach(async () => {
  const database = await freshDatabase();
  db = openDb(database.url, { max: 5 });
  drop = () => database.drop();
  company = await foundCompany(db);
});
afterEach(async () => {
  await db.$disconnect();
  await drop();
});

const refused = (instead: string) =>
  expect.objectContaining({ code: "place-spelled-otherwise", field: "entitlements", instead });
const targets = async () => (await db.entitlement.findMany({ orderBy: { id: "asc" } })).map(({ target }) => target);
const isLedger = (target: string) => target.toLowerCase() === LEDGER.target;
const current = async (slug: string) => (await db.role.findUniqueOrThrow({ where: { slug } })).currentVersion;

async function waiting(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<[{ n: number }]>`
    SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return row.n;
}

/** A version as it could be published before case was ignored. */
async function publishedBefore(slug: string, entitlements: readonly Entitlement[], tx: Db | Tx = db): Promise<number> {
  const role = await tx.role.findUniqueOrThrow({ where: { slug } });
  const { id: _id, ...old } = await tx.roleVersion.findFirstOrThrow({ where: { roleId: role.id } });
  const [id, version] = [newId(), role.currentVersion + 1];
  await tx.roleVersion.create({ data: { ...old, id, version } });
  await tx.entitlement.createMany({ data: entitlements.map((line) => ({ id: newId(), roleVersionId: id, ...line })) });
  await tx.role.update({ where: { slug }, data: { currentVersion: version } });
  return version;
}

describe("a place that is written with other capital letters", () => {
  test("is refused with the spelling to use, by whoever publishes it and wherever it is known from", async () => {
    await expect(company.publish({ entitlements: [OTHERWISE] }, "x", "platform")).rejects.toEqual(
      refused(GITLAB.target),
    );
    await expect(company.publish({ entitlements: [OTHERWISE] })).rejects.toEqual(refused(GITLAB.target));
    await expect(company.publish({ entitlements: [{ ...AWS, target: "Payments" }] })).rejects.toEqual(
      refused("payments"),
    );
    const spec = company.spec("acme/payments", { entitlements: [OTHERWISE] });
    const made = createRole(company.actor("ines"), { slug: "third", reason: "x", spec }, { db });
    await expect(made).rejects.toEqual(refused(GITLAB.target));
    expect(await db.role.count()).toBe(2);
    expect(await current("payments")).toBe(1);
  });
  test("is refused where only an old version gave it", async () => {
    await company.publish({ entitlements: [AWS] });
    await company.publish({ entitlements: [AWS] }, "x", "platform");
    await expect(company.publish({ entitlements: [AWS, OTHERWISE] })).rejects.toEqual(refused(GITLAB.target));
  });
  test("stands twice in one role", async () => {
    await expect(company.publish({ entitlements: [LEDGER, LEDGER_OTHERWISE] })).rejects.toMatchObject({
      code: "entitlement-repeated",
    });
  });
  test("is refused by the preview, to those who see one", async () => {
    const spec = company.spec("acme/payments", { entitlements: [OTHERWISE] });
    await expect(previewTyped(company.viewer("omar"), "payments", spec, { db })).rejects.toEqual(
      refused(GITLAB.target),
    );
    expect(await previewTyped(company.viewer("lena"), "payments", spec, { db })).toBeNull();
  });
  test("is another place at another connection or of another kind", async () => {
    const others = [
      { ...OTHERWISE, connection: "gitlab-2" },
      { ...OTHERWISE, kind: "gitlab-project" as const },
    ];
    await company.publish({ entitlements: [GITLAB, AWS, ...others] });
    expect(await targets()).toContain(OTHERWISE.target);
  });
});

describe("a new place has one spelling", () => {
  test("when two roles name it at the same time: the slower one gets the spelling of the faster", async () => {
    const spec = company.spec("acme/payments", { entitlements: [LEDGER_OTHERWISE] });
    const slower = await db.$transaction(async (tx) => {
      await asSpelled(tx, [LEDGER]);
      const publishing = [
        company.publish({ entitlements: [LEDGER_OTHERWISE] }, "x", "platform"),
        createRole(company.actor("ines"), { slug: "third", reason: "x", spec }, { db }),
      ];
      while ((await waiting(tx)) < publishing.length);
      await publishedBefore("payments", [LEDGER], tx);
      return { publishing };
    });
    await Promise.all(slower.publishing);
    expect((await targets()).filter(isLedger)).toEqual([LEDGER.target, LEDGER.target, LEDGER.target]);
  });
  test("when two proposals name it and both are approved, and the history says what was published", async () => {
    await db.person.updateMany({ where: { username: "ines" }, data: { isAdmin: true } });
    await switchFourEyes(company.actor("ines"), { needed: true, reason: "for real" }, { db });
    const one = await company.publish({ entitlements: [GITLAB, AWS, LEDGER] });
    const other = await company.publish({ entitlements: [GITLAB, AWS, LEDGER_OTHERWISE] }, "x", "platform");
    await approveWidening(company.actor("omar"), { wideningId: one.wideningId ?? "" }, { db });
    await approveWidening(company.actor("noor"), { wideningId: other.wideningId ?? "" }, { db });
    expect((await targets()).filter(isLedger)).toEqual([LEDGER.target, LEDGER.target]);
    const { body } = await db.change.findFirstOrThrow({ where: { kind: "role.widened" }, orderBy: { seq: "desc" } });
    expect(body).toContain(`"${LEDGER.target}"`);
    expect(body).not.toContain(LEDGER_OTHERWISE.target);
  });
});

describe("roles from before, with several spellings of one place", () => {
  test("can be looked at as they are, and are edited in the last spelling, which takes nothing from anybody", async () => {
    const { grantId } = await company.grant("maya", "payments", "omar");
    await publishedBefore("platform", [OTHERWISE]);
    const spec = company.spec("acme/payments");
    expect(await previewPublication(company.viewer("omar"), "payments", spec, { db })).not.toBeNull();
    await expect(company.publish({ maxMinutes: 60 })).rejects.toEqual(refused(OTHERWISE.target));
    await company.publish({ maxMinutes: 60, entitlements: [OTHERWISE, AWS] });
    const held = await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } });
    expect(held.map(({ level }) => level)).toEqual(["maintainer", "member"]);
  });
  test("go back to an older version in the last spelling, at the higher of two levels", async () => {
    const old = await publishedBefore("platform", [{ ...OTHERWISE, level: "developer" }, GITLAB]);
    await company.publish({ entitlements: [AWS] }, "x", "platform");
    const back = { slug: "platform", version: old, reason: "back" };
    const { version } = await rollbackRole(company.actor("noor"), back, { db });
    const given = await db.entitlement.findMany({
      where: { roleVersion: { role: { slug: "platform" }, version } },
    });
    expect(given).toMatchObject([{ target: GITLAB.target, level: "maintainer" }]);
  });
  test("share one binding for one person, and live access narrows by either spelling", async () => {
    await publishedBefore("platform", [OTHERWISE]);
    const platform = await db.group.findFirstOrThrow({ where: { path: "acme/platform" } });
    await db.groupMember.create({ data: { groupId: platform.id, personId: company.idOf("maya"), isOwner: false } });
    const first = await company.grant("maya", "payments", "omar");
    const second = await company.grant("maya", "platform", "noor");
    const bindings = await db.binding.findMany({ where: { connection: "gitlab" }, include: { grants: true } });
    expect(bindings.map(({ target }) => target)).toEqual([OTHERWISE.target]);
    expect(bindings[0]?.grants.map(({ grantId }) => grantId).sort()).toEqual([first.grantId, second.grantId].sort());

    for (const { target } of [GITLAB, OTHERWISE]) {
      const place = await placeSeenBy(company.viewer("ines"), { ...GITLAB, target }, { db });
      expect(place?.open.length).toBe(2);
    }

    await company.publish({ entitlements: [{ ...OTHERWISE, level: "developer" }] });
    const held = await db.grantBinding.findMany({
      where: { grantId: first.grantId, binding: { connection: "gitlab" } },
    });
    expect(held.map(({ level }) => level)).toEqual(["developer"]);
  });
  test("that gave one place twice give it once", async () => {
    await publishedBefore("payments", [{ ...OTHERWISE, level: "owner" }, GITLAB]);
    const { grantId } = await company.grant("maya", "payments", "omar");
    const held = await db.grantBinding.findMany({ where: { grantId }, include: { binding: true } });
    expect(held).toMatchObject([{ level: "owner", binding: { target: GITLAB.target } }]);
  });
});
