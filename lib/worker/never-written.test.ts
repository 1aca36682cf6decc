import { afterEach, expect, test } from "vitest";
import { lateRemovals } from "../db/late-removals.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { sweepAll } from "./sweep.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";

let company: SmallCompany;
afterEach(() => company.close());

const grantOf = (id: string) => company.db.grant.findUniqueOrThrow({ where: { id } });

test("a grant of a place that does not exist fails and is closed: nothing was written, so nothing is late", async () => {
  const nowhere = { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/no-such-group" } as const;
  company = await openSmallCompany([{ ...nowhere, level: "owner" }]);
  const id = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.wait(3);
  await sweepEverything(company.deps);
  expect(await grantOf(id)).toMatchObject({ state: "ACTIVATION_FAILED", closedAt: expect.any(Date) });
  expect(await lateRemovals(company.db, { most: 2 })).toEqual({ count: 0, items: [] });
});

test("a grant whose person has no account any more ends, though nobody can look; what was written stays owed", async () => {
  company = await openSmallCompany();
  const asked = await company.grant("maya", 60);
  await company.deps.db.providerAccount.deleteMany({ where: { connection: "gitlab" } });
  await sweepEverything(company.deps);
  const why = { grantId: asked, reason: "left" };
  await revokeGrant(await company.actor("omar"), why, company);
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await grantOf(asked)).toMatchObject({ state: "REVOKED" });

  await company.sync();
  const held = await company.grant("maya", 60);
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await grantOf(held)).toMatchObject({ state: "ACTIVE" });
  await company.deps.db.providerAccount.deleteMany({ where: { connection: "gitlab" } });
  await revokeGrant(await company.actor("omar"), { ...why, grantId: held }, company);
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await grantOf(held)).toMatchObject({ state: "REVOKING" });
  expect(await lateRemovals(company.db, { most: 2 })).toMatchObject({ count: 1, items: [{ target: ROLE_GROUP }] });
});

test("a grant that was taken back before anything was written waits for the provider's pause, and no longer", async () => {
  company = await openSmallCompany();
  const id = await company.grant("maya", 60);
  await company.db.$executeRaw`UPDATE connection SET held_until = daypass_now() + interval '1 minute'`;
  await revokeGrant(await company.actor("omar"), { grantId: id, reason: "not needed" }, company);
  await sweepEverything(company.deps);
  await company.wait(1.1);
  await sweepEverything(company.deps);
  expect(await grantOf(id)).toMatchObject({ state: "REVOKED" });
});

test("places that cannot be looked at leave the slow sweep to the others, and are tried as often as it comes", async () => {
  company = await openSmallCompany();
  await company.grant("maya", 240);
  await sweepEverything(company.deps);
  for (const username of ["lena", "noor"]) {
    const { personId } = await company.actor(username);
    await company.db.$executeRaw`
      INSERT INTO binding (id, person_id, connection, kind, target, seen_at, seen) VALUES (gen_random_uuid(),
        ${personId}::uuid, 'gitlab', 'gitlab-group', ${ROLE_GROUP}, daypass_now() - interval '1 day', '{"state": "absent"}')`;
    await company.db.providerAccount.deleteMany({ where: { personId, connection: "gitlab" } });
  }
  await company.wait(10);
  await company.byHand("maya", null);
  const slowly = () => sweepAll(company.deps, { olderThanMs: 300_000, most: 2 });
  await slowly();
  const { personId } = await company.actor("maya");
  const mayas = () => company.db.binding.findFirstOrThrow({ where: { personId, connection: "gitlab" } });
  expect((await mayas()).drift).toBeNull();
  await slowly();
  expect((await mayas()).drift).toBe("removed-by-hand");
  const [{ ms }] = await company.db.$queryRaw<[{ ms: number }]>`
    SELECT extract(epoch FROM min(due_at) - daypass_now())::float8 * 1000 AS ms FROM binding WHERE tries > 0`;
  expect(ms).toBeGreaterThan(290_000);
});
