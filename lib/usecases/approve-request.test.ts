import { afterEach, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { requestSeenBy } from "../queries/request-seen-by.ts";
import { foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { approveRequest } from "./approve-request.ts";
import { deactivatePerson } from "./deactivate-person.ts";

let db: Db;
let drop: () => Promise<void>;
let company: Company;
let requestId: string;

/** A role of Omar, Noor and Ines of which two have to approve, and Maya's request for an hour of it. */
beforeEach(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
  await own("noor", true);
  await own("ines", true);
  await company.publish({ approvalsNeeded: 2 });
  ({ id: requestId } = await company.ask("maya", "payments"));
});
afterEach(async () => {
  await db.$disconnect();
  await drop();
});

test("two owners who still are owners make the grant, for the shorter of their times", async () => {
  expect(await approve("omar", 30)).toEqual({ state: "PENDING" });
  expect(await approve("noor")).toMatchObject({ state: "APPROVED" });
  expect(await db.grant.findFirstOrThrow()).toMatchObject({ minutes: 30 });
});

test.each([
  [
    "was deactivated",
    () => deactivatePerson(company.actor("ines"), { personId: company.idOf("omar"), reason: "left" }, { db }),
  ],
  ["is no owner any more", () => own("omar", false)],
])("an approval by somebody who %s counts no more", async (_what, leaves) => {
  await approve("omar", 30);
  await leaves();
  expect(await seen()).toMatchObject({ lapsedApprovers: ["Omar"] });

  expect(await approve("noor")).toEqual({ state: "PENDING" });
  expect(await db.grant.count()).toBe(0);
  expect(await approve("ines")).toMatchObject({ state: "APPROVED" });
  expect(await db.grant.findFirstOrThrow()).toMatchObject({ minutes: 60 });
  expect(await told()).toEqual([1, 1, 2]);
  expect(await seen()).toMatchObject({ lapsedApprovers: [] });
});

test("an approval counts again once its approver is an owner again", async () => {
  await approve("omar");
  await own("omar", false);
  await own("omar", true);
  expect(await approve("noor")).toMatchObject({ state: "APPROVED" });
});

async function own(username: Username, isOwner: boolean): Promise<void> {
  const { id: groupId } = await db.group.findFirstOrThrow({ where: { path: "acme/payments" } });
  const member = { groupId, personId: company.idOf(username) };
  await db.groupMember.upsert({
    where: { groupId_personId: member },
    create: { ...member, isOwner },
    update: { isOwner },
  });
}

const approve = (username: Username, minutes?: number) =>
  approveRequest(company.actor(username), { requestId, minutes }, { db });
const seen = () => requestSeenBy(company.viewer("ines"), requestId, { db });

/** How many approvals counted after each one, as the history tells. */
async function told(): Promise<number[]> {
  const rows = await db.change.findMany({ where: { kind: "request.approved" }, orderBy: { seq: "asc" } });
  return rows.map(({ body }) => JSON.parse(body).after.approvals);
}
