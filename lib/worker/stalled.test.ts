import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ABSENT } from "../domain/binding.ts";
import { removeUnknownAccess } from "../usecases/remove-unknown-access.ts";
import { lookAtPlaces } from "./look-at-places.ts";
import { sweepAccessRemovals } from "./remove-access.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

const ROLE = { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP } as const;

let company: SmallCompany;
beforeAll(async () => void (company = await openSmallCompany()));
afterAll(() => company.close());

test("a worker that stood still between storing what it means and sending it sends nothing", async () => {
  const grantId = await company.grant("maya", 60);
  let ms = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (ms += 11_000));
  await sweepEverything(company.deps);
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
  await sweepEverything(company.deps);
  const grant = await company.db.grant.findUniqueOrThrow({ where: { id: grantId } });
  expect(grant.state).toBe("ACTIVE");
});

test("nor does one that stood still before it took away access behind no grant", async () => {
  await company.byHand("lena", 40);
  await lookAtPlaces(company.deps, { connections: ["gitlab"], olderThanMs: 0, most: 10 });
  const { id } = await company.db.unknownAccess.findFirstOrThrow({ where: { username: "lena" } });
  await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "x" }, company);
  const { externalId, username } = await company.db.unknownAccess.findUniqueOrThrow({ where: { id } });
  const looked = () => company.deps.providerNamed("gitlab").observe({ externalId, username }, ROLE);

  let ms = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (ms += 11_000));
  await sweepAccessRemovals(company.deps);
  clock.mockRestore();
  expect(await looked()).toMatchObject({ state: "present" });
  const tried = await company.db.unknownAccess.findUniqueOrThrow({ where: { id } });
  expect(tried).toMatchObject({ goneAt: null, leasedUntil: null, lastError: expect.stringContaining("stood still") });

  await company.wait(1);
  await sweepAccessRemovals(company.deps);
  expect(await looked()).toEqual(ABSENT);
});

test("a removal that another worker has taken over sends nothing", async () => {
  await company.byHand("noor", 40);
  await lookAtPlaces(company.deps, { connections: ["gitlab"], olderThanMs: 0, most: 10 });
  const { id } = await company.db.unknownAccess.findFirstOrThrow({ where: { username: "noor" } });
  await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "x" }, company);
  // The other worker comes between the lease and the call.
  await company.db.$executeRaw`CREATE FUNCTION take_over() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE unknown_access SET fence = fence + 1; RETURN NULL; END $$`;
  await company.db.$executeRaw`CREATE TRIGGER taken_over AFTER UPDATE ON removal_budget
    FOR EACH ROW EXECUTE FUNCTION take_over()`;
  await sweepAccessRemovals(company.deps);
  await company.db.$executeRaw`DROP TRIGGER taken_over ON removal_budget`;

  const members = [];
  for await (const { account } of company.deps.providerNamed("gitlab").members(ROLE)) members.push(account.username);
  expect(members).toContain("noor");
  expect(await company.db.unknownAccess.findUniqueOrThrow({ where: { id } })).toMatchObject({ goneAt: null, tries: 0 });
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
