import { beforeEach, describe, expect, test } from "vitest";
import { SYSTEM } from "../domain/actor.ts";
import type { Entitlement } from "../domain/entitlement.ts";
import type { RoleSpec } from "../domain/role.ts";
import { openDb, type Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { readRoleVersion } from "../db/read-role-version.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { wideningSeenBy, wideningsAwaiting } from "../queries/widenings.ts";
import { expireRequests } from "../worker/expire-requests.ts";
import { approveWidening } from "./approve-widening.ts";
import { createRole } from "./create-role.ts";
import { deactivatePerson } from "./deactivate-person.ts";
import { denyWidening } from "./deny-widening.ts";
import { submitRequest } from "./submit-request.ts";
import { switchFourEyes } from "./switch-four-eyes.ts";
import { withdrawWidening } from "./withdraw-widening.ts";

const DEVELOPER: Entitlement = { ...GITLAB, level: "developer" };
const OWNER: Entitlement = { ...GITLAB, level: "owner" };

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeEach(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await db.person.updateMany({ where: { username: "ines" }, data: { isAdmin: true } });
  await switchFourEyes(company.actor("ines"), { needed: true, reason: "for real" }, { db });
  return async () => {
    expect((await verifyChain(db)).brokenAt).toBeNull();
    await db.$disconnect();
    await drop();
  };
});

const inForce = async () => {
  const role = await db.role.findUniqueOrThrow({ where: { slug: "payments" } });
  return readRoleVersion(db, role.id, role.currentVersion);
};
const kinds = async (after: bigint) =>
  (await db.change.findMany({ where: { seq: { gt: after } }, orderBy: { seq: "asc" } })).map(({ kind }) => kind);
const head = async () => (await db.chainHead.findUniqueOrThrow({ where: { id: 1 } })).seq;

async function propose(changes: Partial<RoleSpec>): Promise<string> {
  const { wideningId } = await company.publish(changes);
  if (wideningId === null) throw new Error("nothing waits");
  return wideningId;
}
const approve = (username: Username, wideningId: string) =>
  approveWidening(company.actor(username), { wideningId }, { db });
const refused = (code: string) => expect.objectContaining({ code });

describe("an edit that gives more", () => {
  test("waits, is approved by a second person, and is then exactly what was proposed", async () => {
    const before = await head();
    const id = await propose({ entitlements: [OWNER, AWS], maxMinutes: 480, approvalsNeeded: 1 });
    expect(await inForce()).toMatchObject({ version: 1, maxMinutes: 240, entitlements: [GITLAB, AWS] });
    expect((await wideningSeenBy(company.viewer("omar"), id, { db }))?.differences).toEqual([
      { what: "Longest time", before: "4 h", after: "8 h" },
      { what: "GitLab group acme/roles/payments-maintainer", before: "Maintainer", after: "Owner" },
    ]);
    await approve("omar", id);
    expect(await inForce()).toMatchObject({ version: 2, maxMinutes: 480, entitlements: [OWNER, AWS] });
    expect(await kinds(before)).toEqual(["widening.proposed", "widening.approved", "role.widened"]);
  });
  test("gives live grants nothing, also when it is approved", async () => {
    const { grantId } = await company.grant("maya", "payments", "omar");
    await approve("omar", await propose({ entitlements: [OWNER, AWS] }));
    const held = await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } });
    expect(held.map(({ level }) => level)).toEqual(["maintainer", "member"]);
  });
  test("and less at once is split: what it takes is taken now, what it gives waits", async () => {
    const { grantId } = await company.grant("maya", "payments", "omar");
    const id = await propose({ entitlements: [DEVELOPER], maxMinutes: 480 });
    expect(await inForce()).toMatchObject({ version: 2, maxMinutes: 240, entitlements: [DEVELOPER] });
    const held = await db.grantBinding.findMany({ where: { grantId }, orderBy: { level: "asc" } });
    expect(held.map(({ level }) => level)).toEqual(["developer", null]);
    await approve("omar", id);
    expect(await inForce()).toMatchObject({ version: 3, maxMinutes: 480, entitlements: [DEVELOPER] });
  });
  test("may leave nothing to ask for meanwhile", async () => {
    await propose({ entitlements: [{ ...GITLAB, target: "acme/other" }] });
    expect(await inForce()).toMatchObject({ version: 2, entitlements: [] });
    await expect(company.ask("maya", "payments")).rejects.toEqual(refused("role-empty"));
  });
  test("that only gives less or is only words waits for nobody", async () => {
    expect(await company.publish({ name: "Pay", maxMinutes: 60, approvalsNeeded: 2 })).toEqual({
      slug: "payments",
      version: 2,
      wideningId: null,
    });
  });
  test("is refused when nobody else could approve it", async () => {
    await db.groupMember.updateMany({ data: { isOwner: false } });
    await expect(company.publish({ maxMinutes: 480 })).rejects.toEqual(refused("no-second-person"));
    expect(await inForce()).toMatchObject({ version: 1 });
    // What it takes away is never held up by that.
    expect((await company.publish({ maxMinutes: 480, entitlements: [GITLAB] })).version).toBe(2);
  });
  test("a role that an admin makes gives nothing until a second person approved it", async () => {
    const spec = company.spec("acme/payments");
    const made = await createRole(company.actor("ines"), { slug: "fresh", spec, reason: "new" }, { db });
    await expect(
      submitRequest(company.actor("maya"), { roleSlug: "fresh", minutes: 10, justification: "x" }, { db }),
    ).rejects.toEqual(refused("role-empty"));
    await approve("omar", made.wideningId ?? "");
    await submitRequest(company.actor("maya"), { roleSlug: "fresh", minutes: 10, justification: "x" }, { db });
  });
});

describe("deciding", () => {
  test("nobody decides their own; strangers see nothing; those who may not, may not", async () => {
    const id = await propose({ maxMinutes: 480 });
    await expect(approve("ines", id)).rejects.toEqual(refused("own-widening"));
    await expect(approve("theo", id)).rejects.toEqual(refused("not-a-second-person"));
    for (const stranger of ["maya", "noor", "lena"] as const)
      await expect(approve(stranger, id)).rejects.toEqual(refused("not-found"));
    expect(await inForce()).toMatchObject({ version: 1 });
    const waiting = async (username: Username) =>
      (await wideningsAwaiting(company.viewer(username), { limit: 9 }, { db })).map((row) => row.id);
    expect([await waiting("omar"), await waiting("ines"), await waiting("theo"), await waiting("noor")]).toEqual([
      [id],
      [],
      [],
      [],
    ]);
  });
  test("two people decide at once: one decision", async () => {
    await db.person.updateMany({ where: { username: "noor" }, data: { isAdmin: true } });
    const id = await propose({ maxMinutes: 480 });
    const noor = { ...company.actor("noor"), isAdmin: true };
    const results = await Promise.allSettled([
      approve("omar", id),
      denyWidening(noor, { wideningId: id }, { db }),
      approveWidening(noor, { wideningId: id }, { db }),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const decided = await db.change.count({ where: { kind: { in: ["widening.approved", "widening.denied"] } } });
    expect(decided).toBe(1);
  });
  test("denied, withdrawn and expired: nothing changes, and it is said", async () => {
    await denyWidening(company.actor("omar"), { wideningId: await propose({ maxMinutes: 480 }), note: "no" }, { db });
    const second = await propose({ maxMinutes: 480 });
    await expect(withdrawWidening(company.actor("omar"), { wideningId: second }, { db })).rejects.toEqual(
      refused("not-found"),
    );
    await withdrawWidening(company.actor("ines"), { wideningId: second }, { db });
    const third = await propose({ maxMinutes: 480 });
    await db.clock.update({ where: { id: 1 }, data: { offsetMs: 4 * 24 * 60 * 60_000 } });
    await expect(approve("omar", third)).rejects.toEqual(refused("decision-overdue"));
    await expireRequests(SYSTEM, { db });
    await expect(approve("omar", third)).rejects.toEqual(refused("already-decided"));
    const said = await db.change.findMany({ where: { kind: { startsWith: "widening." } }, orderBy: { seq: "asc" } });
    expect(said.map(({ kind }) => kind).filter((kind) => kind !== "widening.proposed")).toEqual([
      "widening.denied",
      "widening.withdrawn",
      "widening.expired",
    ]);
    expect(await inForce()).toMatchObject({ version: 1 });
  });
  test("a proposal against a version that is no longer in force is refused", async () => {
    const id = await propose({ maxMinutes: 480 });
    await company.publish({ summary: "Moved on" });
    await expect(approve("omar", id)).rejects.toEqual(refused("widening-overtaken"));
    expect(await inForce()).toMatchObject({ version: 2, maxMinutes: 240 });
  });
  test("the latest proposal for a role is the one that waits", async () => {
    const first = await propose({ maxMinutes: 480 });
    const second = await propose({ maxMinutes: 300 });
    await expect(approve("omar", first)).rejects.toEqual(refused("widening-overtaken"));
    await approve("omar", second);
    expect(await inForce()).toMatchObject({ version: 2, maxMinutes: 300 });
  });
  test("what a person proposed goes with them", async () => {
    await db.person.updateMany({ where: { username: "noor" }, data: { isAdmin: true } });
    const id = await propose({ maxMinutes: 480 });
    await deactivatePerson(
      { ...company.actor("noor"), isAdmin: true },
      { personId: company.idOf("ines"), reason: "left" },
      { db },
    );
    await expect(approve("omar", id)).rejects.toEqual(refused("already-decided"));
  });
  test("nor is it approved for somebody who may not change the role any more", async () => {
    const id = await propose({ maxMinutes: 480 });
    await db.person.updateMany({ where: { username: "ines" }, data: { isAdmin: false } });
    await expect(approve("omar", id)).rejects.toEqual(refused("proposer-left"));
  });
  test("what was proposed cannot be altered in the database, nor removed", async () => {
    const id = await propose({ maxMinutes: 480 });
    await expect(db.$executeRaw`UPDATE widening SET wanted = '{}' WHERE id = ${id}::uuid`).rejects.toThrow(
      /only grows/,
    );
    await expect(db.$executeRaw`DELETE FROM widening`).rejects.toThrow(/only grows/);
  });
});

describe("the rule of the second person", () => {
  test("is switched on at once and off only by two", async () => {
    const off = { needed: false, reason: "alone" };
    await expect(switchFourEyes(company.actor("ines"), off, { db })).rejects.toEqual(refused("no-second-person"));
    await expect(switchFourEyes(company.actor("omar"), off, { db })).rejects.toEqual(refused("not-allowed"));
    await db.person.updateMany({ where: { username: "noor" }, data: { isAdmin: true } });
    const { wideningId } = await switchFourEyes(company.actor("ines"), off, { db });
    expect(await needsFourEyes(db)).toBe(true);
    await expect(approve("omar", wideningId ?? "")).rejects.toEqual(refused("not-found"));
    await approveWidening({ ...company.actor("noor"), isAdmin: true }, { wideningId: wideningId ?? "" }, { db });
    expect(await needsFourEyes(db)).toBe(false);
    expect((await company.publish({ maxMinutes: 480 })).wideningId).toBeNull();
    await expect(switchFourEyes(company.actor("ines"), off, { db })).rejects.toEqual(refused("four-eyes-unchanged"));
  });
  test("holds where nobody ever said otherwise", async () => {
    await db.fourEyes.deleteMany();
    expect(await needsFourEyes(db)).toBe(true);
  });
});
