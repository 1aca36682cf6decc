import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ABSENT } from "../domain/binding.ts";
import { sweepDue } from "./sweep.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

let company: SmallCompany;
beforeAll(async () => void (company = await openSmallCompany()));
afterAll(() => company.close());

test("a worker that stood still between storing what it means and sending it sends nothing", async () => {
  const grantId = await company.grant("maya", 60);
  let ms = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (ms += 11_000));
  await sweepDue(company.deps);
  clock.mockRestore();

  const bindings = await company.db.binding.findMany();
  expect(bindings).toHaveLength(2);
  for (const { intended, leasedBy, lastError, seen } of bindings) {
    expect({ leasedBy, seen }).toEqual({ leasedBy: null, seen: null });
    expect(intended).toMatchObject({ state: "present" });
    expect(lastError).toContain("stood still");
  }
  expect(await seenBy("maya")).toEqual([ABSENT, ABSENT]);

  await company.wait(1);
  await sweepDue(company.deps);
  const grant = await company.db.grant.findUniqueOrThrow({ where: { id: grantId } });
  expect(grant.state).toBe("ACTIVE");
});

/** What the providers themselves say. */
async function seenBy(username: string) {
  const accounts = await company.db.providerAccount.findMany({ where: { username } });
  const places = await company.db.binding.findMany();
  return Promise.all(
    places.map(({ connection, kind, target }) => {
      const account = accounts.find((one) => one.connection === connection)!;
      const place = { connection, kind: kind as "gitlab-group", target };
      return company.deps.providerNamed(connection).observe(account, place);
    }),
  );
}
