import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AccessProvider } from "../providers/provider.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { reconcileBinding, reconcileIfDue } from "./reconcile-binding.ts";
import { sweepDue } from "./sweep.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

let company: SmallCompany;
beforeAll(async () => void (company = await openSmallCompany()));
afterAll(() => company.close());

test("who is woken for what another look did meanwhile asks the provider nothing; who is woken for more does it", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepDue(company.deps);
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
