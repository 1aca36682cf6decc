import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { mailState } from "./mail-state.ts";
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

test("how e-mail fares is for admins and auditors only", async () => {
  const seen = await Promise.all(
    USERNAMES.map(async (username) => (await mailState(company.viewer(username), { db })) !== null),
  );
  expect(USERNAMES.filter((_, i) => seen[i])).toEqual(["ines", "theo"]);
});

test("it is off until a worker says where mail goes", async () => {
  expect(await mailState(company.viewer("ines"), { db })).toMatchObject({ address: null, waiting: 0 });
  await db.notifyChannel.updateMany({ data: { address: "smtp.example.com:587" } });
  expect(await mailState(company.viewer("ines"), { db })).toMatchObject({ address: "smtp.example.com:587" });
});

test("mails that wait and mails that are settled are counted apart", async () => {
  const at = new Date("2026-01-01T00:00:00Z");
  const mail = (outcome: string | null) => ({
    id: newId(),
    fact: newId(),
    personId: company.idOf("omar"),
    kind: "waits",
    subject: "",
    text: "",
    createdAt: at,
    usefulUntil: at,
    dueAt: outcome === null ? at : null,
    outcome,
  });
  await db.mail.createMany({ data: [null, "sent", "sent", "refused", "unsure", "overtaken", "pointless"].map(mail) });
  expect(await mailState(company.viewer("theo"), { db })).toMatchObject({
    waiting: 1,
    oldestAt: at,
    sent: 2,
    refused: 1,
    unsure: 1,
  });
});
