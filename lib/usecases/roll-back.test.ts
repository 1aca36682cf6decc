import { beforeEach, describe, expect, test } from "vitest";
import type { Entitlement } from "../domain/entitlement.ts";
import { openDb, type Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import type { Aim } from "../db/plan-rollback.ts";
import { readRoleVersion } from "../db/read-role-version.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { previewOfRollback } from "../queries/preview-rollback.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { approveRequest } from "./approve-request.ts";
import { approveWidening } from "./approve-widening.ts";
import { createRole } from "./create-role.ts";
import { deactivatePerson } from "./deactivate-person.ts";
import { releaseGrant } from "./release-grant.ts";
import { rollBack, type RollBack } from "./roll-back.ts";
import { switchFourEyes } from "./switch-four-eyes.ts";

const OWNER: Entitlement = { ...GITLAB, level: "owner" };
const DEVELOPER: Entitlement = { ...GITLAB, level: "developer" };

let db: Db;
let company: Company;

beforeEach(async () => {
  const database = await freshDatabase();
  db = openDb(database.url, { max: 10 });
  company = await foundCompany(db);
  await db.person.updateMany({ where: { username: "ines" }, data: { isAdmin: true } });
  return async () => {
    expect((await verifyChain(db)).brokenAt).toBeNull();
    await db.$disconnect();
    await database.drop();
  };
});

async function inForce(slug = "payments") {
  const role = await db.role.findUniqueOrThrow({ where: { slug } });
  const found = await readRoleVersion(db, role.id, role.currentVersion);
  if (!found) throw new Error(`${slug} has no version`);
  return found;
}
const head = async () => Number((await db.chainHead.findUniqueOrThrow({ where: { id: 1 } })).seq);
const changeAt = async (kind: string, version: number) => {
  const rows = await db.change.findMany({ where: { kind }, orderBy: { seq: "desc" } });
  const found = rows.find(({ body }) => (JSON.parse(body) as { about: { version: number } }).about.version === version);
  return Number(found?.seq);
};
const published = (version: number) => changeAt("role.published", version);
const back = (aim: Aim, rest: Partial<RollBack> = {}, username: Username = "ines") =>
  rollBack(company.actor(username), { aim, reason: "too much", ...rest }, { db });
const undo = (seq: number, rest: Partial<RollBack> = {}) => back({ kind: "change", seq }, rest);
const preview = async (aim: Aim, choices = {}) => {
  const found = await previewOfRollback(company.viewer("ines"), aim, choices, { db });
  if (!found) throw new Error("nothing to preview");
  return found;
};
const levels = async (grantId: string) =>
  (await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } })).map(({ level }) => level);
const refused = (code: string) => expect.objectContaining({ code });

describe("rolling one change back", () => {
  test("sets back what it touched, takes the excess from whoever holds it, and says what it undoes", async () => {
    await company.publish({ entitlements: [OWNER, AWS] });
    const { grantId } = await company.grant("maya", "payments", "omar");
    await company.publish({ entitlements: [OWNER, AWS], maxMinutes: 60 });
    const seq = await published(2);

    const said = await preview({ kind: "change", seq });
    expect(said.roles[0]?.differences.map(({ what, before, after }) => [what, before, after])).toEqual([
      ["GitLab group acme/roles/payments-maintainer", "Owner", "Maintainer"],
    ]);
    expect(said.roles[0]?.narrowings.map(({ personName, follows }) => [personName, follows])).toEqual([
      ["Maya", "GitLab: change maya in acme/roles/payments-maintainer from Owner to Maintainer"],
    ]);
    const done = await undo(seq, { basis: said.basis });
    expect(await inForce()).toMatchObject({ version: 4, maxMinutes: 60, entitlements: [GITLAB, AWS] });
    expect(await levels(grantId)).toEqual(["maintainer", "member"]);
    const entry = await db.change.findUniqueOrThrow({ where: { seq: done.seq } });
    expect(JSON.parse(entry.body)).toMatchObject({ kind: "rollback.change", about: { undoes: seq }, why: "too much" });
    const caused = await db.change.findMany({ where: { causeId: entry.id } });
    expect(caused.map(({ kind }) => kind)).toEqual(["role.rolled-back"]);
  });

  test("can itself be rolled back, and that again", async () => {
    await company.publish({ maxMinutes: 60 });
    const first = await undo(await published(2));
    expect(await inForce()).toMatchObject({ maxMinutes: 240 });
    const second = await undo(first.seq);
    expect(await inForce()).toMatchObject({ maxMinutes: 60 });
    await undo(second.seq);
    expect(await inForce()).toMatchObject({ version: 5, maxMinutes: 240 });
    expect(await db.roleVersion.count({ where: { role: { slug: "payments" } } })).toBe(5);
  });

  test("never overwrites a later change of the same field in silence", async () => {
    await company.publish({ maxMinutes: 480, summary: "All" });
    await company.publish({ maxMinutes: 120, summary: "All" });
    const seq = await published(2);
    const said = await preview({ kind: "change", seq });
    expect(said.undecided).toBe(1);
    expect(said.roles[0]?.conflicts).toEqual([
      { key: "payments maxMinutes", what: "Longest time", before: "4 h", after: "8 h", now: "2 h", choice: null },
    ]);
    await expect(undo(seq)).rejects.toEqual(refused("conflict-undecided"));
    await undo(seq, { choices: { "payments maxMinutes": "keep" } });
    expect(await inForce()).toMatchObject({ version: 4, maxMinutes: 120, summary: "" });
    await company.publish({ maxMinutes: 120, summary: "All" });
    await undo(seq, { choices: { "payments maxMinutes": "restore" } });
    expect(await inForce()).toMatchObject({ maxMinutes: 240, summary: "" });
  });

  test("of the making of a role leaves nothing to ask for and takes it from everybody", async () => {
    await createRole(
      company.actor("ines"),
      { slug: "fresh", spec: company.spec("acme/payments"), reason: "x" },
      { db },
    );
    const { grantId } = await company.grant("maya", "fresh", "omar");
    await undo(await changeAt("role.created", 1));
    expect((await inForce("fresh")).entitlements).toEqual([]);
    expect(await levels(grantId)).toEqual([null, null]);
  });

  test("is refused where there is nothing to set back, and for what only happened", async () => {
    await company.publish({ maxMinutes: 60 });
    const seq = await published(2);
    await undo(seq);
    await expect(undo(seq)).rejects.toEqual(refused("nothing-to-roll-back"));
    const { requestId } = await company.grant("maya", "payments", "omar");
    const decision = await db.change.findFirstOrThrow({ where: { requestId, kind: "request.approved" } });
    await expect(undo(Number(decision.seq))).rejects.toEqual(refused("change-not-undoable"));
    for (const wrong of [99_999, 0, -1, 1.5, Number.NaN])
      await expect(undo(wrong)).rejects.toEqual(refused("not-found"));
  });

  test("is for admins only", async () => {
    await company.publish({ maxMinutes: 60 });
    const aim = { kind: "change", seq: await published(2) } as const;
    for (const username of ["omar", "theo", "maya", "lena"] as const) {
      await expect(back(aim, {}, username)).rejects.toEqual(refused("not-allowed"));
      expect(await previewOfRollback(company.viewer(username), aim, {}, { db })).toBeNull();
    }
    expect(await inForce()).toMatchObject({ version: 2 });
  });
});

describe("rolling everything back to a point", () => {
  test("restores every role as it was then, and nothing that ended or was deactivated", async () => {
    const { grantId: ended } = await company.grant("maya", "payments", "omar");
    const seq = await head();
    await releaseGrant(company.actor("maya"), { grantId: ended }, { db });
    await company.publish({ entitlements: [OWNER, AWS], maxMinutes: 480 });
    await company.publish({ entitlements: [DEVELOPER], approvalsNeeded: 2 }, "less", "platform");
    await createRole(
      company.actor("ines"),
      { slug: "fresh", spec: company.spec("acme/payments"), reason: "x" },
      { db },
    );
    await deactivatePerson(company.actor("ines"), { personId: company.idOf("lena"), reason: "left" }, { db });

    const said = await preview({ kind: "point", seq });
    expect(said.roles.map(({ slug }) => slug)).toEqual(["fresh", "payments", "platform"]);
    expect(said.stays).toContain("1 person was deactivated since and stays so.");
    const done = await back({ kind: "point", seq }, { basis: said.basis });
    expect(done.roles.map(({ slug, version }) => [slug, version])).toEqual([
      ["fresh", 2],
      ["payments", 3],
      ["platform", 3],
    ]);
    expect(await inForce()).toMatchObject({ maxMinutes: 240, entitlements: [GITLAB, AWS] });
    expect(await inForce("platform")).toMatchObject({ approvalsNeeded: 1, entitlements: [GITLAB, AWS] });
    expect((await inForce("fresh")).entitlements).toEqual([]);
    expect((await db.grant.findUniqueOrThrow({ where: { id: ended } })).state).toBe("REVOKING");
    expect((await db.person.findUniqueOrThrow({ where: { id: company.idOf("lena") } })).deactivatedAt).not.toBeNull();

    // A rollback of the rollback brings all of it back as new versions.
    await undo(done.seq);
    expect(await inForce()).toMatchObject({ version: 4, maxMinutes: 480, entitlements: [OWNER, AWS] });
    expect((await inForce("fresh")).entitlements).toHaveLength(2);
  });

  test("a group that is gone since stays replaced, and that is said", async () => {
    const seq = await head();
    const platform = await db.group.findFirstOrThrow({ where: { path: "acme/platform" } });
    const payments = await db.group.findFirstOrThrow({ where: { path: "acme/payments" } });
    await company.publish({ ownerGroupId: platform.id, requesterGroupId: platform.id, maxMinutes: 480 });
    await db.group.update({ where: { id: payments.id }, data: { missingSince: new Date() } });
    const said = await preview({ kind: "point", seq });
    expect(said.stays).toEqual([
      "Owner group of payments stays: the group of then is gone from the directory.",
      "Who may ask of payments stays: the group of then is gone from the directory.",
    ]);
    await back({ kind: "point", seq });
    expect(await inForce()).toMatchObject({
      maxMinutes: 240,
      ownerGroupId: platform.id,
      requesterGroupId: platform.id,
    });
  });

  test("a point that the history has not is refused", async () => {
    for (const seq of [99_999, 0, -3, 2.5])
      await expect(back({ kind: "point", seq })).rejects.toEqual(refused("point-unknown"));
  });
});

describe("what would give more", () => {
  beforeEach(async () => {
    await company.publish(
      { maxMinutes: 60, entitlements: [AWS], approvalsNeeded: 1, summary: "x" },
      "words",
      "platform",
    );
    await company.publish({ maxMinutes: 60, entitlements: [AWS] });
    await switchFourEyes(company.actor("ines"), { needed: true, reason: "for real" }, { db });
  });

  test("waits for a second person; what gives less does not", async () => {
    const seq = await published(2);
    const said = await preview({ kind: "change", seq });
    expect(said.roles[0]).toMatchObject({ differences: [], widens: false });
    expect(said.roles[0]?.waiting.map(({ what }) => what)).toEqual([
      "Longest time",
      "GitLab group acme/roles/payments-maintainer",
    ]);
    const done = await undo(seq);
    expect(await inForce()).toMatchObject({ version: 2, maxMinutes: 60 });
    const [waiting] = done.roles.map(({ wideningId }) => wideningId);
    await expect(approveWidening(company.actor("ines"), { wideningId: waiting ?? "" }, { db })).rejects.toEqual(
      refused("own-widening"),
    );
    await approveWidening(company.actor("omar"), { wideningId: waiting ?? "" }, { db });
    expect(await inForce()).toMatchObject({ version: 3, maxMinutes: 240, entitlements: [GITLAB, AWS] });
    expect(
      (await db.roleVersion.findFirstOrThrow({ where: { version: 3, role: { slug: "payments" } } })).restores,
    ).toBe(1);
  });

  test("doing without the second person again waits for one itself", async () => {
    const seq = Number(
      (await db.change.findFirstOrThrow({ where: { kind: "four-eyes.switched" }, orderBy: { seq: "desc" } })).seq,
    );
    await expect(undo(seq)).rejects.toEqual(refused("no-second-person"));
    await db.person.updateMany({ where: { username: "noor" }, data: { isAdmin: true } });
    const { fourEyesWideningId } = await undo(seq);
    expect(await needsFourEyes(db)).toBe(true);
    const noor = { ...company.actor("noor"), isAdmin: true };
    await approveWidening(noor, { wideningId: fourEyesWideningId ?? "" }, { db });
    expect(await needsFourEyes(db)).toBe(false);
  });

  test("is not held up by nobody being there, where something is taken too", async () => {
    await db.groupMember.updateMany({ data: { isOwner: false } });
    const { grantId } = await (async () => {
      await db.groupMember.updateMany({ where: { personId: company.idOf("omar") }, data: { isOwner: true } });
      const grant = await company.grant("maya", "payments", "omar");
      await db.groupMember.updateMany({ data: { isOwner: false } });
      return grant;
    })();
    const [before] = await db.change.findMany({ where: { kind: "role.created" }, orderBy: { seq: "asc" } });
    const done = await back({ kind: "point", seq: Number(before?.seq) - 1 });
    expect(done.roles.map(({ slug }) => slug)).toEqual(["payments", "platform"]);
    expect(await levels(grantId)).toEqual([null]);
  });
});

describe("at the same time", () => {
  test("a stale preview does nothing", async () => {
    await company.publish({ maxMinutes: 60 });
    const seq = await published(2);
    const { basis } = await preview({ kind: "change", seq });
    await company.publish({ maxMinutes: 60, summary: "Meanwhile" });
    const before = await head();
    await expect(undo(seq, { basis })).rejects.toEqual(refused("preview-stale"));
    expect(await head()).toBe(before);
    await undo(seq, { basis: (await preview({ kind: "change", seq })).basis });
    expect(await inForce()).toMatchObject({ version: 4, maxMinutes: 240, summary: "Meanwhile" });
  });

  test("two rollbacks of one preview: one of them does it", async () => {
    await company.publish({ maxMinutes: 60 });
    const aim = { kind: "change", seq: await published(2) } as const;
    const { basis } = await preview(aim);
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => back(aim, { basis })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toEqual(refused("preview-stale"));
    expect(await inForce()).toMatchObject({ version: 3 });
  });

  test("rollbacks to points and of changes, publications and approvals do not lock each other out", async () => {
    const seq = await head();
    await company.publish({ entitlements: [OWNER, AWS] });
    await company.publish({ entitlements: [OWNER, AWS] }, "more", "platform");
    const wide = await published(2);
    const { id } = await company.ask("maya", "payments");
    const results = await Promise.allSettled([
      back({ kind: "point", seq }),
      undo(wide),
      company.publish({ entitlements: [DEVELOPER] }, "less", "platform"),
      approveRequest(company.actor("omar"), { requestId: id }, { db }),
      back({ kind: "point", seq }),
    ]);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toHaveProperty("code");
    expect(await inForce()).toMatchObject({ entitlements: [GITLAB, AWS] });
    const grants = await db.grantBinding.findMany({ where: { grant: { role: { slug: "payments" } } } });
    expect(grants.map(({ level }) => level)).not.toContain("owner");
  });

  test("a grant that is being set up while its role is rolled back ends with what the role still gives", async () => {
    await company.publish({ entitlements: [OWNER, AWS] });
    const { id } = await company.ask("maya", "payments");
    const approved = await approveRequest(company.actor("omar"), { requestId: id }, { db });
    const grantId = approved.state === "APPROVED" ? approved.grantId : "";
    await undo(await published(2));
    expect(await levels(grantId)).toEqual(["maintainer", "member"]);
    expect((await db.grant.findUniqueOrThrow({ where: { id: grantId } })).state).toBe("ACTIVATING");
  });
});
