import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { advanceGrants } from "../worker/advance-grants.ts";
import { approveRequest } from "./approve-request.ts";
import { deactivatePerson } from "./deactivate-person.ts";
import { extendGrant } from "./extend-grant.ts";
import { releaseGrant } from "./release-grant.ts";
import { revokeGrant } from "./revoke-grant.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;
let grantId: string;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
});
beforeEach(async () => {
  await db.accessRequest.updateMany({ where: { state: "PENDING" }, data: { state: "WITHDRAWN" } });
  ({ grantId } = await company.grant("maya", "payments", "omar"));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const more = { minutes: 30, justification: "not done yet" };
const extend = (who: "maya" | "lena" = "maya", id = grantId) =>
  extendGrant(company.actor(who), { grantId: id, ...more }, { db });
const approve = (requestId: string) => approveRequest(company.actor("omar"), { requestId }, { db });
const grant = (id: string) => db.grant.findUniqueOrThrow({ where: { id } });

async function extended(): Promise<string> {
  const approved = await approve((await extend()).id);
  return approved.state === "APPROVED" ? approved.grantId : "";
}

test("what goes on starts at the moment at which the first ends, after its own decision", async () => {
  const first = await grant(grantId);
  const { id } = await extend();
  expect(await db.accessRequest.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: "PENDING",
    startsAt: first.endsAt,
    extendsId: grantId,
  });
  expect(await grant(grantId)).toEqual(first);

  const approved = await approve(id);
  const next = await grant(approved.state === "APPROVED" ? approved.grantId : "");
  expect(next).toMatchObject({ state: "SCHEDULED", startsAt: first.endsAt, minutes: 30 });
});

test("at that moment one begins as the other ends", async () => {
  const nextId = await extended();
  const { endsAt } = await grant(grantId);
  const [{ ahead }] = await db.$queryRaw<[{ ahead: number }]>`
    SELECT ceil(extract(epoch FROM ${endsAt}::timestamptz - daypass_now()) * 1000)::int AS ahead`;
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${ahead}::bigint`;
  await advanceGrants(db);
  expect([(await grant(grantId)).state, (await grant(nextId)).state]).toEqual(["ENDING", "ACTIVATING"]);
});

test("approved after the first has ended, it starts then", async () => {
  const { id } = await extend();
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 90 * 60000`;
  const approved = await approve(id);
  const next = await grant(approved.state === "APPROVED" ? approved.grantId : "");
  expect(next.state).toBe("ACTIVATING");
  expect(next.startsAt.getTime()).toBeGreaterThan((await grant(grantId)).endsAt.getTime());
});

test("the history calls it an extension", async () => {
  const { id } = await extend();
  const change = await db.change.findFirstOrThrow({ where: { requestId: id } });
  expect(JSON.parse(change.body)).toMatchObject({ kind: "request.submitted", about: { extends: true } });
});

test("nobody extends another's access", async () => {
  await expect(extend("lena")).rejects.toMatchObject({ code: "not-found" });
});

test("what does not exist cannot be extended", async () => {
  await expect(extend("maya", "019a0000-0000-7000-8000-000000000001")).rejects.toMatchObject({ code: "not-found" });
});

test.each(["SCHEDULED", "ACTIVATING", "ENDING", "ENDED", "REVOKING", "REVOKED", "ACTIVATION_FAILED"])(
  "access that is %s is not extended",
  async (state) => {
    await db.grant.update({ where: { id: grantId }, data: { state } });
    await expect(extend()).rejects.toMatchObject({ code: "grant-not-active" });
  },
);

test("one grant is extended once", async () => {
  await extended();
  await expect(extend()).rejects.toMatchObject({ code: "already-extended" });
});

test("a second extension waits for the first one's decision", async () => {
  await extend();
  await expect(extend()).rejects.toMatchObject({ code: "duplicate-request" });
});

test("a longer time than the role allows is refused", async () => {
  const asked = { grantId, minutes: 241, justification: "long" };
  await expect(extendGrant(company.actor("maya"), asked, { db })).rejects.toMatchObject({ code: "minutes-too-long" });
});

test("taking access back takes back what was to go on from it", async () => {
  const nextId = await extended();
  await revokeGrant(company.actor("omar"), { grantId, reason: "wrong person" }, { db });
  expect([(await grant(grantId)).state, (await grant(nextId)).state]).toEqual(["REVOKING", "REVOKING"]);
});

test("giving access back withdraws the waiting extension, with its entry", async () => {
  const { id } = await extend();
  await releaseGrant(company.actor("maya"), { grantId }, { db });
  expect((await db.accessRequest.findUniqueOrThrow({ where: { id } })).state).toBe("WITHDRAWN");
  expect(await db.change.count({ where: { requestId: id, kind: "request.withdrawn" } })).toBe(1);
  await expect(approve(id)).rejects.toMatchObject({ code: "already-decided" });
});

test("of an approval and a revocation at once, nothing goes on", async () => {
  for (let round = 0; round < 10; round += 1) {
    ({ grantId } = await company.grant("maya", "payments", "omar"));
    const { id } = await extend();
    const revoke = revokeGrant(company.actor("omar"), { grantId, reason: "now" }, { db });
    await Promise.allSettled([approve(id), revoke]);
    await revoke;
    expect(await db.grant.count({ where: { request: { extendsId: grantId }, state: { not: "REVOKING" } } })).toBe(0);
    expect(await db.accessRequest.count({ where: { id, state: "PENDING" } })).toBe(0);
  }
});

test("a deactivated person loses it once, with one entry for each grant", async () => {
  const nextId = await extended();
  const personId = company.idOf("maya");
  await deactivatePerson(company.actor("ines"), { personId, reason: "left" }, { db });
  const entries = await db.change.findMany({ where: { kind: "grant.revoking", grantId: { in: [grantId, nextId] } } });
  expect(entries.map((entry) => entry.grantId).sort()).toEqual([grantId, nextId].sort());
});
