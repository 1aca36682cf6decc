import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { siemLag, siemState } from "./siem-state.ts";
import { USERNAMES, foundCompany, type Company } from "./testing/company.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 3 });
  company = await foundCompany(db);
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

test("how forwarding fares is for admins and auditors only", async () => {
  const seen = await Promise.all(
    USERNAMES.map(async (username) => (await siemState(company.viewer(username), { db })) !== null),
  );
  expect(USERNAMES.filter((_, i) => seen[i])).toEqual(["ines", "theo"]);
});

test("it is off until a worker says where to, and then tells how far it is and why it stands", async () => {
  expect(await siemLag({ db })).toBeNull();
  await db.siemStream.updateMany({ data: { address: "https://siem.test", seq: 1n } });
  const { seq: head } = await db.chainHead.findUniqueOrThrow({ where: { id: 1 } });
  expect(await siemLag({ db })).toMatchObject({ seq: 1, behind: Number(head) - 1, downSeconds: null });
  expect((await siemLag({ db }))?.lagSeconds).toBeGreaterThan(0);

  const downSince = new Date(Date.now() - 60_000);
  const dueAt = new Date(Date.now() + 60_000);
  const refused = { downSince, dueAt, tries: 3, refusals: 3, lastAnswer: "400 Bad Request" };
  await db.siemStream.updateMany({ data: refused });
  expect(await siemState(company.viewer("theo"), { db })).toMatchObject({
    address: "https://siem.test",
    lastAnswer: "400 Bad Request",
    nextTryAt: dueAt,
  });

  await db.siemStream.updateMany({ data: { seq: head, downSince: null, tries: 0 } });
  expect(await siemState(company.viewer("theo"), { db })).toMatchObject({
    behind: 0,
    lagSeconds: 0,
    nextTryAt: null,
  });
});
