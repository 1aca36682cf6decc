import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AccessProvider } from "../providers/provider.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { reconcileBinding, reconcileIfDue } from "./reconcile-binding.ts";
import { untilNextDue } from "./sweep.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

let company: SmallCompany;
beforeAll(async () => void (company = await openSmallCompany()));
afterAll(() => company.close());

test("who is woken for what another look did meanwhile asks the provider nothing; who is woken for more does it", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const { id } = await company.db.binding.findFirstOrThrow({ where: { connection: "gitlab" } });
  const gitlab = company.deps.providerNamed("gitlab");
  const observe = vi.fn<AccessProvider["observe"]>((account, place) => gitlab.observe(account, place));
  const deps = { ...company.deps, providerNamed: () => ({ ...gitlab, observe }) };

  expect(await reconcileIfDue(id, deps)).toEqual({ kind: "busy" });
  expect(observe).not.toHaveBeenCalled();
  expect(await reconcileBinding(id, deps)).toEqual({ kind: "settled" });
  expect(observe).toHaveBeenCalledTimes(1);

  await revokeGrant(await company.actor("omar"), { grantId, reason: "no longer" }, company);
  expect(await reconcileIfDue(id, deps)).toEqual({ kind: "settled" });
  expect(await company.db.binding.findUniqueOrThrow({ where: { id } })).toMatchObject({ seen: { state: "absent" } });
});

test("the next sweep comes when the lease of a binding that is due runs out", async () => {
  const at = (due: string, leased: string) => company.db.$executeRaw`
    UPDATE binding SET due_at = daypass_now() + ${due}::interval, leased_until = clock_timestamp() + ${leased}::interval`;
  await at("-1 second", "3 seconds");
  const ms = await untilNextDue("gitlab", company.deps, 5_000);
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThanOrEqual(3_000);
  await at("1 hour", "3 seconds");
  expect(await untilNextDue("gitlab", company.deps, 5_000)).toBe(5_000);
  await at("-1 second", "30 seconds");
  expect(await untilNextDue("gitlab", company.deps, 5_000)).toBe(5_000);
});

test("a wait after many failures does not hide the end of the grant", async () => {
  const grantId = await company.grant("maya", 1);
  const gitlab = { where: { connection: "gitlab" } };
  await company.db.binding.updateMany({ ...gitlab, data: { tries: 20, leasedUntil: null } });
  await company.faults({ provider: "gitlab", kind: "status", status: 503 });
  await sweepEverything(company.deps);
  await company.noFaults();
  const { endsAt } = await company.db.grant.findUniqueOrThrow({ where: { id: grantId } });
  expect(await company.db.binding.findFirstOrThrow(gitlab)).toMatchObject({ tries: 21, dueAt: endsAt });
});
