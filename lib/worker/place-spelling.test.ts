import { afterEach, beforeEach, expect, test } from "vitest";
import { v7 as newId } from "uuid";
import { HOST } from "../domain/actor.ts";
import { approveRequest } from "../usecases/approve-request.ts";
import { createRole } from "../usecases/create-role.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { submitRequest } from "../usecases/submit-request.ts";
import { sweepAll } from "./sweep.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

const GIVES = { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP } as const;
const OTHERWISE = ROLE_GROUP.replace("payments", "Payments");

let company: SmallCompany;
beforeEach(async () => void (company = await openSmallCompany([{ ...GIVES, level: "maintainer" }])));
afterEach(() => company.close());

/** A second role for the same group, in the spelling that could be published before case was ignored. */
async function openSecondRole(): Promise<void> {
  const spec = company.specOf([{ connection: "aws", kind: "aws-iam-group", target: "other", level: "member" }]);
  await createRole(HOST, { slug: "second", reason: "x", spec }, company);
  const role = await company.db.role.findUniqueOrThrow({ where: { slug: "second" } });
  const { id: _id, ...old } = await company.db.roleVersion.findFirstOrThrow({ where: { roleId: role.id } });
  const roleVersionId = newId();
  await company.db.roleVersion.create({ data: { ...old, id: roleVersionId, version: 2 } });
  const line = { ...GIVES, target: OTHERWISE, level: "owner" };
  await company.db.entitlement.create({ data: { id: newId(), roleVersionId, ...line } });
  await company.db.role.update({ where: { slug: "second" }, data: { currentVersion: 2 } });
}

async function grantSecond(): Promise<string> {
  const asked = { roleSlug: "second", minutes: 240, justification: "test" };
  const { id } = await submitRequest(await company.actor("maya"), asked, company);
  const approved = await approveRequest(await company.actor("omar"), { requestId: id }, company);
  return approved.state === "APPROVED" ? approved.grantId : "";
}

async function heldLevel(): Promise<number | null> {
  const { gitlab } = (await company.sandbox.state()) as {
    gitlab: { groups: Record<string, { members: { username: string; access_level: number }[] }> };
  };
  return gitlab.groups[ROLE_GROUP]?.members.find(({ username }) => username === "maya")?.access_level ?? null;
}

const revoke = async (grantId: string) => {
  await revokeGrant(await company.actor("omar"), { grantId, reason: "x" }, company);
  await company.wait(2);
  await sweepEverything(company.deps);
};

test("two roles that spell one group differently share one binding: each ends for itself, and nothing is left", async () => {
  await openSecondRole();
  const first = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  expect(await heldLevel()).toBe(40);
  await company.wait(2);
  const second = await grantSecond();
  await sweepEverything(company.deps);
  expect(await company.db.binding.findMany()).toHaveLength(1);
  expect(await heldLevel()).toBe(50);

  await revoke(second);
  expect(await heldLevel()).toBe(40);
  await revoke(first);
  expect(await heldLevel()).toBeNull();

  await company.wait(10);
  await sweepAll(company.deps, { olderThanMs: 1, most: 100 });
  expect(await heldLevel()).toBeNull();
  expect((await company.db.grant.findMany()).map(({ state }) => state)).toEqual(["REVOKED", "REVOKED"]);
});

test("a second role may not spell the group differently", async () => {
  const spec = company.specOf([{ ...GIVES, target: OTHERWISE, level: "owner" }]);
  const made = createRole(HOST, { slug: "second", reason: "x", spec }, company);
  await expect(made).rejects.toMatchObject({ code: "place-spelled-otherwise", instead: ROLE_GROUP });
});
