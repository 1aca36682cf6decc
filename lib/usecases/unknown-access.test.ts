import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { GITLAB, foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { keepUnknownAccess } from "./keep-unknown-access.ts";
import { removeUnknownAccess } from "./remove-unknown-access.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let placeId: string;
let accessId: string;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  // Platform gives it no more, so that its owner is a stranger here.
  await company.publish({ entitlements: [{ ...GITLAB, target: "acme/roles/platform" }] }, "apart", "platform");
  placeId = newId();
  const { connection, kind, target } = GITLAB;
  await db.managedPlace.create({ data: { id: placeId, connection, kind, target } });
});
beforeEach(async () => {
  accessId = newId();
  await db.unknownAccess.create({
    data: {
      id: accessId,
      placeId,
      externalId: accessId,
      username: "eve",
      level: "maintainer",
      foundAt: new Date(0),
      seenAt: new Date(0),
    },
  });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const keep = (username: Username, changes: { until?: string; reason?: string } = {}) =>
  keepUnknownAccess(company.actor(username), { accessId, until: day(7), reason: "on call", ...changes }, { db });
const remove = (username: Username, reason = "nobody knows why") =>
  removeUnknownAccess(company.actor(username), { accessId, reason }, { db });
const access = () => db.unknownAccess.findUniqueOrThrow({ where: { id: accessId } });
const jobs = async () =>
  db.$queryRaw<{ key: string }[]>`SELECT key FROM graphile_worker.jobs WHERE key = ${`remove-access:${accessId}`}`;

describe.each([
  ["keeping", keep],
  ["removing", remove],
] as const)("%s access behind no grant", (_what, act) => {
  test.each(["omar", "ines"] as const)("%s may", async (username) => {
    await expect(act(username)).resolves.toBeUndefined();
  });

  test.each([
    ["maya", "not-found"],
    ["noor", "not-found"],
    ["theo", "not-allowed"],
  ] as const)("%s may not, and nothing changes", async (username, code) => {
    const before = await access();
    await expect(act(username)).rejects.toMatchObject({ code });
    expect(await access()).toEqual(before);
  });

  test("needs a reason, and access that is there", async () => {
    await expect(act === keep ? keep("omar", { reason: " " }) : remove("omar", " ")).rejects.toMatchObject({
      code: "reason-missing",
      field: "reason",
    });
    await db.unknownAccess.update({ where: { id: accessId }, data: { goneAt: new Date() } });
    await expect(act("omar")).rejects.toMatchObject({ code: "access-gone" });
  });

  test("is not possible while it is being removed", async () => {
    await remove("omar");
    await expect(act("ines")).rejects.toMatchObject({ code: "access-being-removed" });
  });

  test("of what there is not is refused", async () => {
    accessId = newId();
    await expect(act("ines")).rejects.toMatchObject({ code: "not-found" });
  });
});

test("an exception has a day, at most a year ahead, and is told with its reason", async () => {
  for (const until of [day(-1), day(400), "soon", "2026-02-30"])
    await expect(keep("omar", { until }), until).rejects.toMatchObject({ code: "keep-until-invalid", field: "until" });
  await keep("omar");
  expect(await access()).toMatchObject({ keptLevel: "maintainer", keptById: company.idOf("omar") });
  const { body } = await db.change.findFirstOrThrow({ where: { kind: "access.kept" }, orderBy: { seq: "desc" } });
  expect(JSON.parse(body)).toMatchObject({ why: "on call", about: { account: "eve" }, actor: { name: "Omar" } });
});

test("a removal is asked for and nothing more: only the worker calls it gone", async () => {
  await remove("omar");
  expect(await access()).toMatchObject({ goneAt: null, removalAskedAt: expect.any(Date), dueAt: expect.any(Date) });
  expect(await jobs()).toHaveLength(1);
});
