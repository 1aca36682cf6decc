import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { connections } from "./connections.ts";
import { AWS, GITLAB, USERNAMES, foundCompany, type Company } from "./testing/company.ts";
import { workerState } from "./worker-state.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let grantId: string;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  ({ grantId } = await company.grant("maya", "payments", "omar"));
  await db.connection.createMany({
    data: [
      {
        name: "gitlab",
        provider: "gitlab",
        lastOkAt: new Date(0),
        heldUntil: new Date(0),
        rateLimit: 600,
        rateRemaining: 480,
        rateSeenAt: new Date(),
      },
      { name: "aws", provider: "aws", downSince: new Date(0), lastError: "AWS did not answer" },
    ],
  });
  await db.$executeRaw`INSERT INTO worker_heartbeat (id, started_at, seen_at)
    VALUES ('one', clock_timestamp() - interval '90 seconds', clock_timestamp() - interval '5 seconds')`;
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

test("only admins and auditors see the worker and the connections", async () => {
  const seen = await Promise.all(
    USERNAMES.map(async (username) => {
      const viewer = company.viewer(username);
      return [await workerState(viewer, { db }), await connections(viewer, { db })].map((state) => state !== null);
    }),
  );
  expect(USERNAMES.filter((_, i) => seen[i]?.[0])).toEqual(["ines", "theo"]);
  expect(USERNAMES.filter((_, i) => seen[i]?.[1])).toEqual(["ines", "theo"]);
});

test("says since when workers were not heard of, on the machine's own clock", async () => {
  await db.clock.update({ where: { id: 1 }, data: { offsetMs: 3_600_000 } });
  const state = await workerState(company.viewer("theo"), { db });
  expect(state?.workers.map(({ id }) => id)).toEqual(["one"]);
  expect(state?.workers[0]?.quietFor).toBeLessThan(60);
  expect(state?.workers[0]?.runsFor).toBeGreaterThanOrEqual(90);
  await db.clock.update({ where: { id: 1 }, data: { offsetMs: 0 } });
});

test("what is due, what is owed and what did not go through", async () => {
  const before = await workerState(company.viewer("ines"), { db });
  expect(before).toMatchObject({ queued: 2, due: 2, owed: 0, troubles: [] });
  await db.binding.updateMany({
    where: { target: AWS.target },
    data: { tries: 3, lastError: "AWS did not answer", owedSince: new Date(0) },
  });
  await db.binding.updateMany({ where: { target: GITLAB.target }, data: { dueAt: null } });
  expect(await workerState(company.viewer("ines"), { db })).toMatchObject({
    due: 1,
    owed: 1,
    troubles: [{ personName: "Maya", target: AWS.target, tries: 3, lastError: "AWS did not answer", grantId }],
  });
});

test("a connection says whether it answers, what it holds and what waits for it; a pause that is over is none", async () => {
  await db.binding.updateMany({
    where: { target: GITLAB.target },
    data: { confirmed: { state: "present", level: "maintainer", until: null } },
  });
  expect(await connections(company.viewer("ines"), { db })).toMatchObject([
    { name: "gitlab", downSince: null, heldUntil: null, accounts: 6, groups: 2, places: 1, due: 0, oldestDueAt: null },
    { name: "aws", downSince: new Date(0), lastError: "AWS did not answer", accounts: 6, groups: 0, places: 0, due: 1 },
  ]);
});
