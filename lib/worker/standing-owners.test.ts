import { afterEach, beforeEach, expect, test } from "vitest";
import type { DirectoryGroup } from "../providers/provider.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { submitRequest } from "../usecases/submit-request.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

/** A role whose group GitLab shares into acme/payments: whoever holds it is an owner there, as GitLab says. */
const OWNER = {
  connection: "gitlab",
  kind: "gitlab-group",
  target: "acme/roles/payments-owner",
  level: "owner",
} as const;
const [DEVELOPER, OWNER_LEVEL] = [30, 50];

let company: SmallCompany;
let grantId: string;

beforeEach(async () => {
  company = await openSmallCompany([OWNER]);
  grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  expect(await company.db.grant.findUniqueOrThrow({ where: { id: grantId } })).toMatchObject({ state: "ACTIVE" });
});
afterEach(() => company.close());

/** Members of acme/payments here, and whether they own it. */
async function payments(): Promise<Record<string, boolean>> {
  const members = await company.db.groupMember.findMany({
    where: { group: { path: "acme/payments" } },
    include: { person: true },
  });
  return Object.fromEntries(members.map(({ person, isOwner }) => [person.username, isOwner]));
}

test("an owner by a grant decides nothing here, while it lasts and when it is gone", async () => {
  const told = (await company.story("group.owners-changed")).length;
  await company.sync();
  expect(await payments()).toMatchObject({ maya: false, omar: true });
  await expect(ask("omar")).rejects.toMatchObject({ code: "no-approver" });

  await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
  await company.sync();
  await sweepEverything(company.deps);
  expect(await payments()).toMatchObject({ maya: false });
  await company.wait(2);
  await company.sync();
  expect(await payments()).toMatchObject({ maya: false, omar: true });
  expect(await company.story("group.owners-changed")).toHaveLength(told);
});

test("a listing that was read while the grant was there and is saved when it is gone gives nothing either", async () => {
  const gitlab = company.deps.providerNamed("gitlab");
  const listGroups = gitlab.listGroups.bind(gitlab);
  gitlab.listGroups = async function* () {
    const groups: DirectoryGroup[] = [];
    for await (const group of listGroups()) groups.push(group);
    await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
    await sweepEverything(company.deps);
    yield* groups;
  };
  await company.sync();
  expect(await company.db.grant.findUniqueOrThrow({ where: { id: grantId } })).toMatchObject({ state: "REVOKED" });
  expect(await payments()).toMatchObject({ maya: false, omar: true });
});

test("who is made an owner by hand meanwhile is one when the grant is over; who is taken out is out at once", async () => {
  await company.byHand("maya", OWNER_LEVEL, "acme/payments");
  await company.sync();
  expect(await payments()).toMatchObject({ maya: false });
  await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
  await sweepEverything(company.deps);
  await company.wait(2);
  await company.sync();
  expect(await payments()).toMatchObject({ maya: true });

  grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.byHand("maya", null, OWNER.target);
  await company.byHand("maya", DEVELOPER, "acme/payments");
  await company.sync();
  expect(await payments()).toMatchObject({ maya: false });
  await company.byHand("maya", null, "acme/payments");
  await company.sync();
  expect(await payments()).not.toHaveProperty("maya");
});

test("a grant makes nobody a member who may ask", async () => {
  await company.db.groupMember.deleteMany({ where: { person: { username: "maya" } } });
  await company.sync();
  expect(await payments()).not.toHaveProperty("maya");
  await expect(ask("maya")).rejects.toMatchObject({ code: "role-unknown" });
});

async function ask(username: string) {
  const asked = { roleSlug: "payments", minutes: 30, justification: "test" };
  return submitRequest(await company.actor(username), asked, company);
}
