import { afterEach, beforeEach, expect, test } from "vitest";
import { listen } from "../db/listen.ts";
import { lateRemovals } from "../db/late-removals.ts";
import type { Level } from "../domain/entitlement.ts";
import { latenessSince } from "../queries/lateness.ts";
import { publishRole } from "../usecases/publish-role.ts";
import { alarmOver } from "./alarm.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

let company: SmallCompany;
const lines: Record<string, unknown>[] = [];
const log = { error: (facts: Record<string, unknown>) => void lines.push(facts) } as never;

beforeEach(async () => {
  lines.length = 0;
  company = await openSmallCompany();
});
afterEach(() => company.close());

const late = async () => (await lateRemovals(company.db, { most: 10 })).items;

test("a removal that does not go through is late after a minute, and told at once and every minute until it is proved", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const alarm = alarmOver(company.db, log);
  await company.faults({ provider: "gitlab", kind: "down" });
  await company.wait(60.5);
  await sweepEverything(company.deps);
  await alarm();
  expect(lines).toEqual([]);

  await company.wait(1);
  await sweepEverything(company.deps);
  await alarm();
  await alarm();
  expect(lines).toMatchObject([
    {
      grant: grantId,
      remove: { who: "Maya Chen", kind: "gitlab-group" },
      lastAnswer: "GitLab did not answer",
      allLate: 1,
    },
  ]);
  expect(lines[0]?.tries).toBeGreaterThan(1);
  await company.wait(1);
  await alarm();
  expect(lines).toHaveLength(2);

  await company.noFaults();
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await late()).toEqual([]);
});

test("with no worker at all a removal is late all the same", async () => {
  await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.wait(62);
  const items = await late();
  expect(items.map(({ connection }) => connection).sort()).toEqual(["aws", "gitlab"]);
  for (const item of items) expect(item.lateSeconds).toBeGreaterThan(100);
});

test("what several grants left behind is owed from the end of each, whenever a worker comes to it", async () => {
  const grants = [await company.grant("maya", 60), await company.grant("maya", 30)];
  await sweepEverything(company.deps);
  await company.faults({ provider: "gitlab", kind: "down" }, { provider: "aws", kind: "down" });
  await company.wait(120);
  await sweepEverything(company.deps);
  const ends = await company.db.grant.findMany({ where: { id: { in: grants } }, orderBy: { endsAt: "asc" } });
  for (const { owedSince } of await company.db.binding.findMany()) expect(owedSince).toEqual(ends[0]!.endsAt);
});

test("what a narrower role takes away is owed from the first try on, though the grant lives", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.faults({ provider: "gitlab", kind: "down" });
  await company.db.grantBinding.updateMany({
    where: { grantId, binding: { connection: "gitlab" } },
    data: { level: null },
  });
  await company.db.binding.updateMany({ where: { connection: "gitlab" }, data: { dueAt: new Date(0) } });
  await sweepEverything(company.deps);
  await company.wait(2);
  expect(await late()).toMatchObject([{ connection: "gitlab", lastError: "GitLab did not answer" }]);
});

test("a lowering that does not go through is as loud as a removal, and counted when it is proved", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const gitlab = (level: Level) => ({
    connection: "gitlab",
    kind: "gitlab-group" as const,
    target: ROLE_GROUP,
    level,
  });
  const change = { slug: "payments", reason: "less is enough", expectedVersion: 1 };
  await publishRole(await company.actor("omar"), { ...change, spec: company.specOf([gitlab("developer")]) }, company);
  await company.faults({ provider: "gitlab", kind: "status", status: 500, match: { method: "PUT" } });
  await sweepEverything(company.deps);
  await company.wait(2);
  await sweepEverything(company.deps);
  await alarmOver(company.db, log)();
  expect(await late()).toMatchObject([{ connection: "gitlab", grantId, lowers: true, tries: 2 }]);
  expect(lines).toMatchObject([{ grant: grantId, lower: { who: "Maya Chen", kind: "gitlab-group" }, allLate: 1 }]);

  await company.noFaults();
  await company.wait(2);
  await sweepEverything(company.deps);
  expect(await late()).toEqual([]);
  const receipts = await company.db.receipt.findMany({ orderBy: { id: "asc" }, skip: 2 });
  expect(receipts).toMatchObject([
    { action: "remove", owedSince: expect.any(Date) },
    { action: "apply", asked: { level: "developer" }, owedSince: expect.any(Date) },
  ]);
  const auditor = { personId: "", name: "", email: "", isAdmin: false, isAuditor: true };
  expect((await latenessSince(auditor, new Date(0), company)).removals).toBe(2);
});

test("access that is not owed is not late, however often a look at it fails", async () => {
  await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.faults({ provider: "gitlab", kind: "down" });
  await company.db.binding.updateMany({ data: { dueAt: new Date(0) } });
  await sweepEverything(company.deps);
  await company.wait(10);
  expect(await late()).toEqual([]);
});

test("open pages are told to look when something becomes late", async () => {
  await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await company.wait(62);
  const heard: string[] = [];
  const ears = await listen(company.databaseUrl, ["daypass_change"], (_channel, payload) => void heard.push(payload));
  await alarmOver(company.db, log)();
  await expect
    .poll(() => heard.map((payload) => (JSON.parse(payload) as { kind: string }).kind))
    .toEqual(["removal.late"]);
  await ears.close();
});
