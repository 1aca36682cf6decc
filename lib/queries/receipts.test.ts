import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SYSTEM } from "../domain/actor.ts";
import { openDb, type Db } from "../db/client.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { historyEntry } from "./history-entry.ts";
import { accessReceipts } from "./receipts.ts";
import { GITLAB, USERNAMES, foundCompany, type Company } from "./testing/company.ts";

const ABSENT = { state: "absent" };
const receiptId = newId();

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await company.publish({ entitlements: [{ ...GITLAB, target: "acme/roles/platform" }] }, "apart", "platform");
  const { connection, kind, target } = GITLAB;
  const place = await db.managedPlace.create({ data: { id: newId(), connection, kind, target } });
  const account = { externalId: "7", username: "eve", level: "owner" };
  const access = await db.unknownAccess.create({
    data: {
      id: newId(),
      placeId: place.id,
      ...account,
      foundAt: new Date(0),
      seenAt: new Date(0),
      goneAt: new Date(1),
    },
  });
  await db.receipt.create({
    data: {
      id: receiptId,
      accessId: access.id,
      action: "remove",
      asked: ABSENT,
      answer: { status: 204, words: "GitLab: membership removed" },
      readBack: ABSENT,
      owedSince: new Date(0),
      at: new Date(1),
      worker: "worker",
    },
  });
  const { id: roleId } = await db.role.findUniqueOrThrow({ where: { slug: "payments" } });
  const about = { account: "eve", kind, target, receipt: receiptId };
  await db.$transaction((tx) => record(tx, SYSTEM, new Date(), [{ kind: "access.removed", about, roleId }]));
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

test("what was taken from an account behind no grant is proved to those who watch over the place, and to nobody else", async () => {
  const seen = await Promise.all(
    USERNAMES.map(async (name) => (await accessReceipts(company.viewer(name), { limit: 9 }, { db })).length),
  );
  expect(Object.fromEntries(USERNAMES.map((name, i) => [name, seen[i]]))).toEqual({
    ...{ maya: 0, omar: 1, lena: 0, noor: 0, ines: 1, theo: 1 },
  });
  expect(await accessReceipts(company.viewer("omar"), { limit: 9 }, { db })).toMatchObject([
    { id: receiptId, account: "eve", answer: { words: "GitLab: membership removed" }, readBack: ABSENT },
  ]);
});

test("the entry of the history that tells of it carries its proof", async () => {
  const { seq } = await db.change.findFirstOrThrow({ where: { kind: "access.removed" } });
  const detail = await historyEntry(company.viewer("omar"), Number(seq), { db });
  expect(detail?.receipt).toMatchObject({ id: receiptId, target: GITLAB.target, answer: { status: 204 } });
  expect(await historyEntry(company.viewer("noor"), Number(seq), { db })).toBeNull();
});

test("a receipt is of one thing, a binding or access behind no grant", async () => {
  const receipt = await db.receipt.findUniqueOrThrow({ where: { id: receiptId } });
  const copy = { ...receipt, id: newId(), asked: ABSENT, answer: {}, readBack: ABSENT, accessId: null };
  await expect(db.receipt.create({ data: copy })).rejects.toThrow(/receipt_of_one/);
});
