import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Entitlement } from "../domain/entitlement.ts";
import { removeUnknownAccess } from "../usecases/remove-unknown-access.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { beat } from "./heartbeat.ts";
import { lookAtPlaces } from "./look-at-places.ts";
import { sweepAccessRemovals } from "./remove-access.ts";
import { sweepAll } from "./sweep.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

/** The clock of the database jumps, those of GitLab and AWS do not: over HTTP, at a group and in a trust policy. */

const GIVES: readonly Entitlement[] = [
  { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP, level: "maintainer" },
  { connection: "aws", kind: "aws-iam-role", target: "payments-deployer", level: "assume" },
];

let company: SmallCompany;
let grantId: string;

beforeEach(async () => {
  company = await openSmallCompany(GIVES);
  await beat(company.db, "worker");
  grantId = await company.grant("maya", 90);
  await sweepEverything(company.deps);
});
afterEach(() => company.close());

/** Everybody with access, at both places. */
async function holders(): Promise<string[]> {
  const names: string[] = [];
  for (const { connection, kind, target } of GIVES)
    for await (const { account } of company.deps.providerNamed(connection).members({ connection, kind, target }))
      names.push(`${account.username} at ${connection}`);
  return names;
}

/** All that tells of the machine's clock is a heartbeat that lies ahead of it. */
async function setBack(minutes: number): Promise<void> {
  await company.wait(-minutes);
  await company.db.$executeRaw`UPDATE worker_heartbeat SET seen_at = seen_at + ${minutes} * interval '1 minute'`;
}

const inHalfAMinute = () => new Date(Date.now() + 30_000);
const grant = () => company.db.grant.findUniqueOrThrow({ where: { id: grantId } });
const MAYA_AT_BOTH = ["maya at gitlab", "maya at aws"];

test("forwards: grants end by the new time, and both providers show it", async () => {
  expect(await holders()).toEqual(MAYA_AT_BOTH);
  await company.wait(24 * 60);
  await sweepEverything(company.deps);
  expect(await holders()).toEqual([]);
  expect(await grant()).toMatchObject({ state: "ENDED" });
});

describe("backwards", () => {
  test("behind the start of a grant: what has begun stays begun, and can be taken back at once", async () => {
    await setBack(180);
    await beat(company.db, "worker");
    await sweepEverything(company.deps);
    await sweepAll(company.deps, { olderThanMs: 300_000, most: 100 });
    expect(await grant()).toMatchObject({ state: "ACTIVE" });
    expect(await holders()).toEqual(MAYA_AT_BOTH);

    await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
    await sweepEverything(company.deps);
    expect(await holders()).toEqual([]);
    expect(await grant()).toMatchObject({ state: "REVOKED" });
  });

  test("removals that wait for their next try do not wait for as long as the clock went back", async () => {
    await company.byHand("lena", 40);
    await lookAtPlaces(company.deps, { connections: ["gitlab"], olderThanMs: 0, most: 10 });
    const { id } = await company.db.unknownAccess.findFirstOrThrow({ where: { username: "lena" } });
    const ines = await company.actor("ines");
    await removeUnknownAccess(ines, { accessId: id, reason: "nobody knows why" }, company);
    await revokeGrant(ines, { grantId, reason: "no longer" }, company);
    await company.faults({ provider: "gitlab", kind: "down" }, { provider: "aws", kind: "down" });
    await sweepEverything(company.deps);
    await sweepAccessRemovals(company.deps);
    await company.noFaults();

    await setBack(60);
    expect([await sweepEverything(company.deps), await sweepAccessRemovals(company.deps)]).toEqual([0, 0]);
    await beat(company.db, "worker");
    expect([await sweepEverything(company.deps), await sweepAccessRemovals(company.deps)]).toEqual([2, 1]);
    expect(await holders()).toEqual([]);
  });

  test("after a grant's time had passed at one place and before it had at another: what is wanted again is not gone", async () => {
    await company.db.grantBinding.updateMany({ where: { grantId }, data: { goneAt: new Date() } });
    await sweepAll(company.deps, { olderThanMs: -1_000, most: 100 });
    await company.db.binding.updateMany({ where: { connection: "aws" }, data: { leasedUntil: inHalfAMinute() } });
    await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
    await sweepEverything(company.deps);
    expect(await holders()).toEqual(["maya at aws"]);
    expect(await grant()).toMatchObject({ state: "REVOKING" });
  });

  test("the slow looks go on: at places, and at what a hand did since", async () => {
    const slow = { olderThanMs: 300_000, most: 100 };
    await lookAtPlaces(company.deps, { connections: ["gitlab", "aws"], ...slow });
    await setBack(60);
    await beat(company.db, "worker");
    await company.byHand("maya", null);
    await company.wait(2);
    expect(await sweepAll(company.deps, slow)).toBe(2);
    const binding = await company.db.binding.findFirstOrThrow({ where: { connection: "gitlab" } });
    expect(binding).toMatchObject({ drift: "removed-by-hand" });
    expect(await lookAtPlaces(company.deps, { connections: ["gitlab", "aws"], ...slow })).toBe(2);
  });

  test("to days behind GitLab: it refuses an expiry in its past, the grant fails with its words, and nothing is left", async () => {
    await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
    await sweepEverything(company.deps);
    await company.sandbox.send("POST", "/_clock", { at: new Date(Date.now() + 10 * 24 * 3_600_000).toISOString() });
    grantId = await company.grant("maya", 60);
    for (let round = 0; round < 3; round += 1) {
      await sweepEverything(company.deps);
      await company.wait(1);
    }
    expect(await grant()).toMatchObject({
      state: "ACTIVATION_FAILED",
      failure: expect.stringContaining("cannot be a date in the past"),
      closedAt: expect.any(Date),
    });
    expect(await holders()).toEqual([]);
  });
});
