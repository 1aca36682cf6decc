import { afterEach, beforeEach, expect, test } from "vitest";
import { at } from "../../sandbox/testing/sandbox-client.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { sweepAll } from "./sweep.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";

const RENAMED = "acme/roles/elsewhere";

let company: SmallCompany;
let grantId: string;
beforeEach(async () => {
  company = await openSmallCompany();
  grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
});
afterEach(() => company.close());

const grant = () => company.db.grant.findUniqueOrThrow({ where: { id: grantId } });
const binding = () => company.db.binding.findFirstOrThrow({ where: { target: ROLE_GROUP } });

async function levelIn(path: string): Promise<number | null> {
  const userId = await company.sandbox.userId("maya");
  const { status, body } = await company.sandbox.gitlab("GET", `/groups/${at(path)}/members/${userId}`);
  return status === 200 ? (body as { access_level: number }).access_level : null;
}

async function rename(): Promise<void> {
  await company.sandbox.gitlab("PUT", `/groups/${at(ROLE_GROUP)}`, { path: "elsewhere" });
  expect(await levelIn(RENAMED)).toBe(40);
}

async function revoke(): Promise<void> {
  await company.wait(2);
  await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
  await sweepEverything(company.deps);
}

test("access is taken back in the group where it was given, whatever that is called by then", async () => {
  await rename();
  await company.wait(10);
  await sweepAll(company.deps, { olderThanMs: 300_000, most: 10 });
  expect(await binding()).toMatchObject({ drift: null, tries: 0 });
  await revoke();
  expect(await levelIn(RENAMED)).toBeNull();
  expect(await grant()).toMatchObject({ state: "REVOKED" });
  expect(await binding()).toMatchObject({ targetId: null, seen: { state: "absent" } });
});

test("another group at the old path proves nothing, and keeps what it has", async () => {
  await rename();
  const roles = await company.sandbox.gitlab("GET", `/groups/${at("acme/roles")}`);
  const { id } = roles.body as { id: number };
  await company.sandbox.gitlab("POST", "/groups", { name: "new", path: "payments-maintainer", parent_id: id });
  await company.byHand("maya", 30, ROLE_GROUP);
  await revoke();
  expect(await levelIn(RENAMED)).toBeNull();
  expect(await levelIn(ROLE_GROUP)).toBe(30);
  expect(await grant()).toMatchObject({ state: "REVOKED" });
});
