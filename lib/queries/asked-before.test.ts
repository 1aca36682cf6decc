import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { submitRequest } from "../usecases/submit-request.ts";
import { askedBefore } from "./asked-before.ts";
import { foundCompany, type Company, type Username } from "./testing/company.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let asked: { id: string };

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  const what = { roleSlug: "payments", minutes: 45, justification: "Fix the queue", ticket: "OPS-7" };
  asked = await submitRequest(company.actor("maya"), what, { db });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const seenBy = (username: Username, slug: string, id: string | undefined) =>
  askedBefore(company.viewer(username), slug, id, { db });

test("one's own request for the role is there to ask again with", async () => {
  const again = { minutes: 45, justification: "Fix the queue", ticket: "OPS-7" };
  expect(await seenBy("maya", "payments", asked.id)).toEqual(again);
});

test("somebody else's, another role's and what is none are not, whoever looks", async () => {
  expect(await seenBy("lena", "payments", asked.id)).toBeNull();
  expect(await seenBy("omar", "payments", asked.id)).toBeNull();
  expect(await seenBy("maya", "platform", asked.id)).toBeNull();
  for (const id of [undefined, "", "' OR 1=1", newId()]) expect(await seenBy("maya", "payments", id)).toBeNull();
});

test("what was redacted is not brought back", async () => {
  await db.accessRequest.update({ where: { id: asked.id }, data: { redactedAt: new Date() } });
  expect(await seenBy("maya", "payments", asked.id)).toBeNull();
});
