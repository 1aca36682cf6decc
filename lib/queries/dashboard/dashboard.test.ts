import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDb, type Db } from "../../db/client.ts";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import { SPANS, timeRange, type Span } from "../../domain/time-range.ts";
import { latenessSince } from "../lateness.ts";
import { AWS, GITLAB, USERNAMES, foundCompany, type Company, type Username } from "../testing/company.ts";
import { happened, type Past } from "../testing/past.ts";
import { dashboard } from "./dashboard.ts";
import { groupUse } from "./group-use.ts";
import { liveGrants } from "./live-grants.ts";
import { requestFlow } from "./request-flow.ts";
import { roleUse } from "./role-use.ts";

/** A Tuesday evening in London; in Kolkata it is Wednesday already. */
const NOW = new Date("2026-11-24T20:00:00Z");

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
});
beforeEach(async () => {
  await db.grantBinding.deleteMany();
  await db.grant.deleteMany();
  await db.accessRequest.deleteMany();
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const past = async (...rows: readonly Past[]) => {
  for (const row of rows) await happened(db, company, row);
};
const maya = { who: "maya", role: "payments" } as const;
const lena = { who: "lena", role: "platform" } as const;
const range = (zone = "UTC", span: Span = "7d") => timeRange(span, zone, NOW);
const viewer = (username: Username) => company.viewer(username);

describe("requests by day", () => {
  const flow = (who: Username = "ines", zone?: string, span?: Span) =>
    requestFlow(viewer(who), range(zone, span), { db });
  const asked = async (zone: string) => (await flow("ines", zone)).bars.map((bar) => bar.asked);

  test("no requests are bars of nothing, not no bars", async () => {
    const { all, bars } = await flow();
    expect([all, ...bars]).toEqual(
      Array(8).fill({ asked: 0, approved: 0, denied: 0, undecided: 0, waiting: 0, medianSeconds: null }),
    );
  });

  test("one day, by what became of them, with the median of the approved alone", async () => {
    const askedAt = "2026-11-24T09:00:00Z";
    await past(
      { ...maya, askedAt, state: "APPROVED", tookSeconds: 60 },
      { ...maya, askedAt, state: "APPROVED", tookSeconds: 90 },
      { ...maya, askedAt, state: "APPROVED", tookSeconds: 600 },
      { ...maya, askedAt, state: "DENIED", tookSeconds: 5 },
      { ...maya, askedAt, state: "WITHDRAWN" },
      { ...maya, askedAt, state: "EXPIRED" },
      { ...maya, askedAt, state: "PENDING" },
    );
    const { all, bars } = await flow();
    expect(bars.at(-1)).toEqual({ asked: 7, approved: 3, denied: 1, undecided: 2, waiting: 1, medianSeconds: 90 });
    expect(all).toEqual(bars.at(-1));
    expect(bars.slice(0, -1).every((bar) => bar.asked === 0 && bar.medianSeconds === null)).toBe(true);
  });

  test("a day begins where the viewer is", async () => {
    await past(
      // The first moment that the range has in Kolkata, and the last before it.
      { ...maya, askedAt: "2026-11-18T18:30:00Z" },
      { ...maya, askedAt: "2026-11-18T18:29:59.999Z" },
      // Midnight in Kolkata and a moment before it, on one evening in London.
      { ...maya, askedAt: "2026-11-24T18:29:59.999Z" },
      { ...maya, askedAt: "2026-11-24T18:30:00Z" },
    );
    expect(await asked("Asia/Kolkata")).toEqual([1, 0, 0, 0, 0, 1, 1]);
    expect(await asked("Europe/London")).toEqual([2, 0, 0, 0, 0, 0, 2]);
    // Offsets are zones for a browser, and the other way round for PostgreSQL.
    expect(await asked("+05:30")).toEqual([1, 0, 0, 0, 0, 1, 1]);
  });

  test("the year is told by weeks", async () => {
    await past({ ...maya, askedAt: "2025-11-26T00:00:00Z" }, { ...maya, askedAt: "2025-11-25T23:59:59Z" });
    const { all, bars } = await flow("ines", "UTC", "1y");
    expect([bars.length, bars[0]?.asked, all.asked]).toEqual([52, 1, 1]);
  });

  test("owners see the requests for their roles", async () => {
    await past({ ...maya, askedAt: "2026-11-24T09:00:00Z" }, { ...lena, askedAt: "2026-11-24T09:00:00Z" });
    const seen = await Promise.all(USERNAMES.map(async (who) => (await flow(who)).all.asked));
    expect(seen).toEqual([0, 1, 0, 1, 2, 2]);
  });
});

describe("live grants", () => {
  const live = (who: Username = "ines", most = 20) => liveGrants(viewer(who), { most }, { db });
  const grant = { activeAt: "2026-11-24T19:00:00Z", endsAt: "2026-11-24T21:00:00Z" };
  const askedAt = "2026-11-24T18:00:00Z";

  test("nobody holds anything", async () => {
    expect(await live()).toEqual({ count: 0, scheduled: 0, items: [] });
  });

  test("what ends first comes first; what is proved gone is not live, what is still being removed is", async () => {
    await past(
      { ...maya, askedAt, grant: { ...grant, state: "ACTIVE" } },
      { ...lena, askedAt, grant: { ...grant, state: "REVOKING", endingAt: "2026-11-24T19:30:00Z" } },
      { ...maya, askedAt, grant: { ...grant, state: "SCHEDULED", endsAt: "2026-11-24T19:10:00Z" } },
      { ...maya, askedAt, grant: { ...grant, state: "ENDED", closedAt: "2026-11-24T19:30:00Z" } },
    );
    const { items, ...counts } = await live();
    expect(counts).toEqual({ count: 2, scheduled: 1 });
    expect(items.map(({ person, state, until }) => [person, state, until.toISOString()])).toEqual([
      ["Lena", "REVOKING", "2026-11-24T19:30:00.000Z"],
      ["Maya", "ACTIVE", "2026-11-24T21:00:00.000Z"],
    ]);
  });

  test("more than are shown are counted", async () => {
    for (let n = 0; n < 3; n += 1) await past({ ...maya, askedAt, grant: { ...grant, state: "ACTIVE" } });
    const { count, items } = await live("omar", 2);
    expect([count, items.length]).toEqual([3, 2]);
    expect((await live("noor")).count).toBe(0);
  });
});

describe("how late access was proved gone", () => {
  const ended = (endsAt: string, closedAt: string, endingAt?: string): Past => ({
    ...maya,
    askedAt: "2026-11-24T08:00:00Z",
    grant: { state: "ENDED", activeAt: "2026-11-24T08:00:00Z", endsAt, closedAt, ...(endingAt ? { endingAt } : {}) },
  });
  const lateness = (who: Username = "theo") => latenessSince(viewer(who), range().since, { db });

  test("nothing ended", async () => {
    expect(await lateness()).toEqual({ counts: [0, 0, 0, 0, 0, 0], late: 0, removals: 0 });
  });

  test("a bound belongs to the bar that it closes, and an end by a person counts from that end", async () => {
    await past(
      ended("2026-11-24T09:00:00Z", "2026-11-24T09:00:01Z"),
      ended("2026-11-24T09:00:00Z", "2026-11-24T09:00:01.001Z"),
      ended("2026-11-24T09:00:00Z", "2026-11-24T09:01:00Z"),
      ended("2026-11-24T09:00:00Z", "2026-11-24T09:01:00.001Z"),
      ended("2026-11-24T12:00:00Z", "2026-11-24T09:10:00Z", "2026-11-24T09:00:00Z"),
    );
    expect(await lateness()).toEqual({ counts: [1, 1, 0, 1, 1, 1], late: 2, removals: 5 });
    expect((await lateness("noor")).counts).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("what ended before the range does not count", async () => {
    await past(
      ended("2026-11-17T23:00:00Z", "2026-11-17T23:59:59Z"),
      ended("2026-11-17T23:00:00Z", "2026-11-18T00:00:01Z"),
    );
    expect((await lateness()).counts).toEqual([0, 0, 0, 0, 0, 1]);
  });
});

test("what a narrower role took from live grants, and what no grant explained, is a removal too", async () => {
  const askedAt = "2026-11-24T08:00:00Z";
  await past({ ...maya, askedAt, grant: { state: "ACTIVE", activeAt: askedAt, endsAt: "2026-11-24T21:00:00Z" } });
  const { id: grantId } = await db.grant.findFirstOrThrow();
  const { level, ...narrowed } = GITLAB;
  const binding = await db.binding.create({ data: { id: newId(), personId: company.idOf("maya"), ...narrowed } });
  await db.grantBinding.create({ data: { grantId, bindingId: binding.id, level } });
  const { connection, kind, target } = AWS;
  const place = await db.managedPlace.create({ data: { id: newId(), connection, kind, target } });
  const [at, owedSince, absent] = [
    new Date("2026-11-24T09:00:20Z"),
    new Date("2026-11-24T09:00:00Z"),
    { state: "absent" },
  ];
  const access = { placeId: place.id, externalId: "sam", username: "sam", foundAt: at, seenAt: at };
  const { id: accessId } = await db.unknownAccess.create({ data: { id: newId(), ...access } });
  for (const of of [{ bindingId: binding.id }, { accessId }])
    await db.receipt.create({
      data: {
        id: newId(),
        ...of,
        action: "remove",
        asked: absent,
        answer: {},
        readBack: absent,
        owedSince,
        at,
        worker: "w",
      },
    });
  // Both roles give the place at AWS, so Noor sees what was taken from sam.
  const seen = await Promise.all(
    USERNAMES.map(async (who) => (await latenessSince(viewer(who), range().since, { db })).counts[3]),
  );
  expect(seen).toEqual([0, 2, 0, 1, 2, 2]);
});

describe("roles", () => {
  const use = (who: Username = "ines", most = 8) => roleUse(viewer(who), { since: range().since, most }, { db });
  const used = (activeAt: string): NonNullable<Past["grant"]> => ({
    state: "ENDED",
    activeAt,
    endsAt: activeAt,
    closedAt: activeAt,
  });

  test("a role without a grant was never used", async () => {
    const { roles, unusedCount, used: none, unused } = await use();
    expect([roles, unusedCount, none]).toEqual([2, 2, []]);
    expect(unused.map(({ role, lastUsedAt }) => [role, lastUsedAt])).toEqual([
      ["payments", null],
      ["platform", null],
    ]);
  });

  test("use is grants whose access began in the range, and the people they were of", async () => {
    const askedAt = "2026-11-20T08:00:00Z";
    await past(
      { ...maya, askedAt, grant: used("2026-11-20T09:00:00Z") },
      { ...maya, askedAt, grant: used("2026-11-21T09:00:00Z") },
      { ...maya, who: "omar", askedAt, grant: used("2026-11-21T09:00:00Z") },
      { ...maya, askedAt, grant: { state: "ACTIVATION_FAILED", endsAt: askedAt, closedAt: askedAt } },
      { ...lena, askedAt, grant: used("2026-11-17T23:59:59Z") },
    );
    const { unusedCount, used: most, unused } = await use();
    expect(most).toMatchObject([{ role: "payments", ownerGroup: "acme/payments", grants: 3, people: 2 }]);
    expect(unused).toMatchObject([{ role: "platform", lastUsedAt: new Date("2026-11-17T23:59:59Z") }]);
    expect(unusedCount).toBe(1);
    expect((await use("noor")).used).toEqual([]);
    expect((await use("maya")).roles).toBe(0);
  });

  test("more than are shown are counted", async () => {
    const { roles, unusedCount, unused } = await use("ines", 1);
    expect([roles, unusedCount, unused.length]).toEqual([2, 2, 1]);
  });
});

describe("owner groups", () => {
  const groups = (who: Username = "ines", most = 20) => groupUse(viewer(who), { since: range().since, most }, { db });

  test("a group in whose roles nothing happened is there", async () => {
    const none = { roles: 1, live: 0, asked: 0, approved: 0, medianSeconds: null, grants: 0, late: 0 };
    expect(await groups()).toEqual({
      count: 2,
      items: [
        { group: "acme/payments", ...none },
        { group: "acme/platform", ...none },
      ],
    });
  });

  test("what happened in the roles of each", async () => {
    const askedAt = "2026-11-20T08:00:00Z";
    const activeAt = "2026-11-20T09:00:00Z";
    const endsAt = "2026-11-20T10:00:00Z";
    await past(
      { ...maya, askedAt, state: "DENIED" },
      { ...lena, askedAt, tookSeconds: 30, grant: { state: "ACTIVE", activeAt, endsAt } },
      {
        ...lena,
        askedAt,
        tookSeconds: 90,
        grant: { state: "ENDED", activeAt, endsAt, closedAt: "2026-11-20T10:02:00Z" },
      },
      { ...lena, askedAt: "2026-11-17T23:00:00Z", grant: { state: "SCHEDULED", endsAt } },
    );
    const { items } = await groups();
    expect(items).toEqual([
      { group: "acme/platform", roles: 1, live: 1, asked: 2, approved: 2, medianSeconds: 60, grants: 2, late: 1 },
      { group: "acme/payments", roles: 1, live: 0, asked: 1, approved: 0, medianSeconds: null, grants: 0, late: 0 },
    ]);
    expect((await groups("omar")).items.map(({ group }) => group)).toEqual(["acme/payments"]);
    expect(await groups("ines", 1)).toMatchObject({ count: 2, items: [{ group: "acme/platform" }] });
  });
});

test("who watches over no role sees nothing of it", async () => {
  const seen = await Promise.all(
    USERNAMES.map((who) => dashboard(viewer(who), { span: "30d", zone: "Europe/Berlin" }, { db })),
  );
  expect(USERNAMES.filter((_, i) => seen[i])).toEqual(["omar", "noor", "ines", "theo"]);
});

test.each(SPANS)("an empty database has figures for %s", async (span) => {
  const figures = await dashboard(viewer("ines"), { span, zone: "UTC" }, { db });
  expect(figures?.flow.bars.length).toBe(figures?.range.days.length);
  expect(figures?.live.count).toBe(0);
});
