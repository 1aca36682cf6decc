import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { v7 as newId } from "uuid";
import type { Place } from "../domain/entitlement.ts";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { ProviderBusy, type AccessProvider, type RateLimit } from "../providers/provider.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { spendRemoval } from "./budget.ts";
import type { Deps } from "./deps.ts";
import type { NotNow } from "./not-now.ts";
import { waitAfter } from "./postpone.ts";
import { reconcileBinding, reconcileIfDue } from "./reconcile-binding.ts";
import { untilNextDue } from "./sweep.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";

const PLACE: Place = { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer" };
const PER_MINUTE = 5;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 8 });
  company = await foundCompany(db);
  for (const name of ["gitlab", "aws"]) await db.connection.create({ data: { name, provider: name } });
});
beforeEach(async () => {
  await db.$executeRaw`TRUNCATE removal_budget`;
  await db.connection.updateMany({ data: { heldUntil: null } });
  // Each test has a GitLab of its own, which knows nothing of what was written to the one before.
  await tick(2 * 60_000);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const tick = (ms: number) => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${ms}::bigint`;
const clock = async () => (await db.$queryRaw<[{ now: Date }]>`SELECT daypass_now() AS now`)[0].now.getTime();
const limited: Pick<AccessProvider, "removalLimit"> = {
  removalLimit: ({ target }) => ({ key: target, perMinute: PER_MINUTE }),
};
const spend = (place = PLACE) => spendRemoval(db, limited as AccessProvider, place);

test("no minute ever sees more removals than its limit, however they arrive", async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 10, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(pauses, async (steps) => {
      await db.$executeRaw`TRUNCATE removal_budget`;
      const spent: number[] = [];
      for (const step of steps) {
        await tick(step);
        await spend().then(
          async () => spent.push(await clock()),
          () => undefined,
        );
      }
      for (const at of spent) {
        const minute = spent.filter((other) => other >= at && other < at + 59_900);
        expect(minute.length).toBeLessThanOrEqual(PER_MINUTE);
      }
      expect(spent.length).toBeGreaterThanOrEqual(PER_MINUTE);
    }),
    { numRuns: 20 },
  );
});

test("many at once share one budget, and the rest are told when to come again", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => spend()));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(PER_MINUTE);
  await expect(spend()).rejects.toMatchObject({ name: "NotNow" });
  const wait = await spend().catch((error: unknown) => (error as NotNow).afterMs);
  expect(wait).toBeGreaterThan(55_000);
  await tick(Number(wait) + 1);
  await spend();
});

test("another place has a budget of its own", async () => {
  for (let n = 0; n < PER_MINUTE; n += 1) await spend();
  await spend({ ...PLACE, target: "acme/roles/other" });
});

test("a clock that is set back keeps no removal waiting", async () => {
  for (let n = 0; n < PER_MINUTE; n += 1) await spend();
  await tick(-60 * 60_000);
  await spend();
});

test("a removal that has no budget left is not asked for, and is due when there is one again", async () => {
  const world = fakeGitlab();
  const { grantId } = await company.grant("maya", "payments", "omar");
  await sweepEverything(world.deps);
  await revokeGrant(company.actor("omar"), { grantId, reason: "enough" }, { db });
  for (let n = 0; n < PER_MINUTE; n += 1) await spend();
  await sweepEverything(world.deps);
  expect(world.removed).toEqual([]);
  expect((await db.grant.findUniqueOrThrow({ where: { id: grantId } })).state).toBe("REVOKING");
  const inMs = await untilNextDue("gitlab", world.deps, 120_000);
  expect(inMs).toBeGreaterThan(50_000);
  const { tries } = await db.binding.findUniqueOrThrow({ where: { id: await bindingOf("maya") } });
  expect(tries).toBe(0);

  await tick(inMs + 1);
  await sweepEverything(world.deps);
  expect(world.removed).toEqual([company.idOf("maya")]);
  expect((await db.grant.findUniqueOrThrow({ where: { id: grantId } })).state).toBe("REVOKED");
});

test("while the provider throttles, an addition gives way to a removal that waits", async () => {
  const world = fakeGitlab();
  const { grantId } = await company.grant("maya", "payments", "omar");
  await sweepEverything(world.deps);
  await revokeGrant(company.actor("omar"), { grantId, reason: "enough" }, { db });
  await company.grant("lena", "platform", "noor");
  world.busy = true;
  await sweepEverything(world.deps);
  world.busy = false;
  await tick(1_500);
  const lenas = await bindingOf("lena");
  expect(await reconcileBinding(lenas, world.deps)).toMatchObject({
    error: expect.stringMatching(/removals go first/),
  });
  expect(world.applied).not.toContain(company.idOf("lena"));

  await sweepEverything(world.deps);
  await tick(20_000);
  await sweepEverything(world.deps);
  expect(world.removed).toEqual([company.idOf("maya")]);
  expect(world.applied).toContain(company.idOf("lena"));
});

test("a removal whose time comes just after a pause gives way to those that the pause kept waiting", async () => {
  const world = fakeGitlab();
  const older = await company.grant("maya", "payments", "omar");
  const younger = await company.grant("lena", "platform", "noor");
  await sweepEverything(world.deps);
  await revokeGrant(company.actor("omar"), { grantId: older.grantId, reason: "enough" }, { db });
  world.busy = true;
  await sweepEverything(world.deps);
  world.busy = false;
  await tick(1_500);
  await revokeGrant(company.actor("noor"), { grantId: younger.grantId, reason: "enough" }, { db });
  const lenas = await bindingOf("lena");
  expect(await reconcileIfDue(lenas, world.deps)).toMatchObject({
    kind: "look-again",
    afterMs: 0,
    error: expect.stringMatching(/older removals go first/),
  });
  expect(world.removed).toEqual([]);

  expect(await reconcileIfDue(await bindingOf("maya"), world.deps)).toEqual({ kind: "settled" });
  expect(await reconcileIfDue(lenas, world.deps)).toEqual({ kind: "settled" });
  expect(world.removed).toEqual([company.idOf("maya"), company.idOf("lena")]);
});

test("a pause that the provider asked for has no random part, so removals keep their order; a wait of ours has one", () => {
  expect(waitAfter(new ProviderBusy("429", 1_234), 3)).toBe(1_234);
  const ours = Array.from({ length: 50 }, () => waitAfter(new Error("reset"), 3));
  expect(Math.min(...ours)).toBeGreaterThanOrEqual(4_000);
  expect(Math.max(...ours)).toBeLessThanOrEqual(5_000);
  expect(new Set(ours).size).toBeGreaterThan(1);
});

test("the last tenth of the provider's limit is kept for removals", async () => {
  const world = fakeGitlab();
  const { grantId } = await company.grant("maya", "payments", "omar");
  await sweepEverything(world.deps);
  world.rate = { limit: 100, remaining: 9, resetsAfterMs: 30_000 };
  await revokeGrant(company.actor("omar"), { grantId, reason: "enough" }, { db });
  await company.grant("lena", "platform", "noor");
  world.applied.length = 0;
  await sweepEverything(world.deps);
  expect([world.removed, world.applied]).toEqual([[company.idOf("maya")], []]);
  expect((await db.binding.findUniqueOrThrow({ where: { id: await bindingOf("lena") } })).lastError).toMatch(
    /kept for/,
  );
});

async function bindingOf(username: "maya" | "lena"): Promise<string> {
  const { id } = await db.binding.findFirstOrThrow({
    where: { personId: company.idOf(username), connection: "gitlab" },
  });
  return id;
}

/** GitLab as far as these tests need it: a set of members, a limit, and a bad day. AWS has nobody and takes anything. */
function fakeGitlab() {
  const members = new Map<string, string | null>();
  const world = {
    applied: [] as string[],
    removed: [] as string[],
    busy: false,
    rate: null as RateLimit | null,
    deps: null as unknown as Deps,
  };
  const refuseWhenBusy = () => {
    if (world.busy) throw new ProviderBusy("429", 1_000);
  };
  const provider = (connection: string): AccessProvider => ({
    locate: () => Promise.resolve(null),
    observe: async ({ externalId }) => {
      refuseWhenBusy();
      const until = members.get(`${connection} ${externalId}`);
      if (until === undefined) return { state: "absent" };
      return { state: "present", level: connection === "aws" ? "member" : "maintainer", until };
    },
    apply: async ({ externalId }, _place, { until }) => {
      refuseWhenBusy();
      members.set(`${connection} ${externalId}`, until);
      if (connection === "gitlab") world.applied.push(externalId);
      return { status: 201, words: "" };
    },
    remove: async ({ externalId }) => {
      refuseWhenBusy();
      members.delete(`${connection} ${externalId}`);
      if (connection === "gitlab") world.removed.push(externalId);
      return { status: 204, words: "" };
    },
    describe: () => Promise.reject(new Error("not asked")),
    async *members() {},
    backstop: () => null,
    removalLimit: connection === "gitlab" ? limited.removalLimit : () => null,
    rateLimit: () => (connection === "gitlab" ? world.rate : null),
    async *listAccounts() {},
    async *listGroups() {},
  });
  world.deps = {
    db,
    turns: db,
    workerId: newId(),
    pause: () => Promise.resolve(),
    providerNamed: provider,
  };
  return world;
}
