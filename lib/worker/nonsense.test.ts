import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { reconcileBinding } from "./reconcile-binding.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

/** A provider that answers nonsense while a grant ends: nothing is called gone, and it heals when the answers do. */

let company: SmallCompany;
beforeAll(async () => void (company = await openSmallCompany()));
afterEach(() => company.noFaults());
afterAll(() => company.close());

const unknownLevel = (id: number) => ({ id, state: "active", access_level: 25, expires_at: null });

const BOTH = [
  ["a web page", { kind: "html" }],
  ["an empty 200", { kind: "status", status: 200, body: "" }],
  ["half an answer", { kind: "status", status: 200, body: '{"id":' }],
  ["something else", { kind: "status", status: 200, body: { hello: "there" } }],
  ["an empty list", { kind: "status", status: 200, body: [] }],
  ["a 404 of a proxy", { kind: "status", status: 404, body: "<h1>404 Not found</h1>" }],
] as const;

test.each([
  ...BOTH.map(([what, fault]) => ["gitlab", what, fault] as const),
  ...BOTH.map(([what, fault]) => ["aws", what, fault] as const),
  ["gitlab", "an access level that Daypass does not know", "unknown-level"] as const,
  ["gitlab", "somebody else's membership", "somebody-else"] as const,
])("%s answers with %s: the grant does not end until it makes sense again", async (provider, _what, fault) => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const grant = () => company.db.grant.findUniqueOrThrow({ where: { id: grantId }, include: { bindings: true } });
  expect((await grant()).state).toBe("ACTIVE");

  const maya = await company.sandbox.userId("maya");
  const rule =
    fault === "unknown-level"
      ? { kind: "status", status: 200, body: unknownLevel(maya) }
      : fault === "somebody-else"
        ? { kind: "status", status: 200, body: { ...unknownLevel(maya + 1), access_level: 40 } }
        : fault;
  await company.faults({ provider, ...rule });
  await company.wait(61);
  for (let round = 0; round < 3; round += 1) {
    await sweepEverything(company.deps);
    for (const { bindingId } of (await grant()).bindings) await reconcileBinding(bindingId, company.deps);
    await company.wait(2);
  }
  expect(await grant()).toMatchObject({ state: "ENDING", closedAt: null });
  const binding = await company.db.binding.findFirstOrThrow({ where: { connection: provider } });
  expect(binding.lastError).not.toBeNull();
  expect(binding.tries).toBeGreaterThan(2);
  const { goneAt } = (await grant()).bindings.find(({ bindingId }) => bindingId === binding.id)!;
  expect(goneAt).toBeNull();

  await company.noFaults();
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await grant()).toMatchObject({ state: "ENDED", closedAt: expect.any(Date) });
});
