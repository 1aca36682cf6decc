import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { approveWidening } from "../usecases/approve-widening.ts";
import { denyWidening } from "../usecases/deny-widening.ts";
import { withdrawWidening } from "../usecases/withdraw-widening.ts";
import { followHistory, passHistory } from "./follow-history.ts";

const pages = {
  request: (id: string) => `/requests/${id}`,
  grant: (id: string) => `/grants/${id}`,
  proposal: (id: string) => `/widenings/${id}`,
};

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await db.person.updateMany({ where: { username: { in: ["ines", "noor"] } }, data: { isAdmin: true } });
  await db.fourEyes.updateMany({ data: { needed: true } });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});
beforeEach(async () => {
  await passHistory({ db });
  await db.mail.deleteMany();
});

async function proposed(maxMinutes: number): Promise<string> {
  return (await company.publish({ maxMinutes }, "Long nights")).wideningId ?? "";
}

async function told(): Promise<[string, string][]> {
  await followHistory(pages, { db });
  const mails = await db.mail.findMany({ include: { person: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  return mails.map(({ person, subject }) => [person.username, subject] as [string, string]).sort();
}

test("whoever may be the second person is told of a proposal, and nobody else", async () => {
  const id = await proposed(300);
  expect(await told()).toEqual([
    ["noor", "Ines proposes more of payments"],
    ["omar", "Ines proposes more of payments"],
  ]);
  const mail = await db.mail.findFirstOrThrow();
  expect(mail.text).toContain("Long nights");
  expect(mail.text).toContain(`/widenings/${id}`);
});

test("who proposed it is told how it was decided, with the note", async () => {
  const id = await proposed(310);
  await passHistory({ db });
  await denyWidening(company.actor("omar"), { wideningId: id, note: "Too long" }, { db });
  expect(await told()).toEqual([["ines", "Omar denied your proposal of more of payments"]]);
  expect((await db.mail.findFirstOrThrow()).text).toContain("Too long");

  const second = await proposed(320);
  await passHistory({ db });
  await db.mail.deleteMany();
  await approveWidening(company.actor("omar"), { wideningId: second }, { db });
  expect(await told()).toEqual([["ines", "Omar approved your proposal of more of payments"]]);
});

test("what is withdrawn before anybody was told bothers nobody", async () => {
  await withdrawWidening(company.actor("ines"), { wideningId: await proposed(330) }, { db });
  expect(await told()).toEqual([]);
});
