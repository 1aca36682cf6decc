import { beforeEach, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { retentionPreview, retentionState } from "../queries/retention.ts";
import { wideningSeenBy } from "../queries/widenings.ts";
import { redactHistory } from "../worker/redact-history.ts";
import { approveWidening } from "./approve-widening.ts";
import { denyRequest } from "./deny-request.ts";
import { setRetention, type SetRetention } from "./set-retention.ts";
import { switchFourEyes } from "./switch-four-eyes.ts";

let db: Db;
let company: Company;

beforeEach(async () => {
  const database = await freshDatabase();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
  await db.person.updateMany({ where: { username: { in: ["ines", "noor"] } }, data: { isAdmin: true } });
  return async () => {
    expect((await verifyChain(db)).brokenAt).toBeNull();
    await db.$disconnect();
    await database.drop();
  };
});

const pass = (days: number) => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${days}::bigint * 86400000`;
const set = (username: Username, input: Partial<SetRetention>) =>
  setRetention(company.actor(username), { days: 365, reason: "the law", ...input }, { db });
const days = async () => (await retentionState(company.viewer("theo"), { db }))?.days;
const refused = (code: string) => expect.objectContaining({ code });

describe("refused is", () => {
  test.each([29, 0, -1, 30.5, 3_654, Number.NaN])("%d days", async (number) => {
    await expect(set("ines", { days: number })).rejects.toEqual(refused("retention-days-invalid"));
  });
  test("an auditor, an owner, no reason, nothing new, and a preview of another policy", async () => {
    await expect(set("theo", {})).rejects.toEqual(refused("not-allowed"));
    await expect(set("omar", {})).rejects.toEqual(refused("not-allowed"));
    await expect(set("ines", { reason: " " })).rejects.toEqual(refused("reason-missing"));
    await expect(set("ines", { days: null })).rejects.toEqual(refused("retention-unchanged"));
    await expect(set("ines", { basis: "30-days" })).rejects.toEqual(refused("preview-stale"));
    expect(await days()).toBeNull();
  });
});

test("the policy is a change with before, after and why, and goes back to for ever at once", async () => {
  await set("ines", { basis: "for-ever" });
  await set("ines", { days: null, reason: "not now" });
  const changes = await db.change.findMany({ where: { kind: "retention.changed" }, orderBy: { seq: "asc" } });
  expect(changes.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
    { before: { days: null }, after: { days: 365 }, why: "the law" },
    { before: { days: 365 }, after: { days: null }, why: "not now" },
  ]);
  expect(await days()).toBeNull();
});

test("under four eyes redacting more waits for a second admin, and redacting less does not", async () => {
  await switchFourEyes(company.actor("ines"), { needed: true, reason: "for real" }, { db });
  const { wideningId } = await set("ines", {});
  if (wideningId === null) throw new Error("nothing waits");
  expect(await days()).toBeNull();
  await expect(approveWidening(company.actor("ines"), { wideningId }, { db })).rejects.toEqual(refused("own-widening"));
  await expect(approveWidening(company.actor("theo"), { wideningId }, { db })).rejects.toEqual(
    refused("not-a-second-person"),
  );
  expect(await wideningSeenBy(company.viewer("ines"), wideningId, { db })).toMatchObject({
    days: 365,
    differences: [{ before: "for ever", after: "365 days, then redacted for good" }],
  });
  await approveWidening(company.actor("noor"), { wideningId }, { db });
  expect(await days()).toBe(365);
  expect(await set("ines", { days: 400 })).toEqual({ days: 400, wideningId: null });
});

test("a proposal is overtaken by a newer one and by a change of the policy", async () => {
  await switchFourEyes(company.actor("ines"), { needed: true, reason: "for real" }, { db });
  const first = await set("ines", {});
  await set("ines", { days: 90 });
  const overtaken = approveWidening(company.actor("noor"), { wideningId: first.wideningId ?? "" }, { db });
  await expect(overtaken).rejects.toEqual(refused("widening-overtaken"));
  expect((await retentionState(company.viewer("ines"), { db }))?.waitingId).not.toBeNull();
  expect(await retentionState(company.viewer("maya"), { db })).toBeNull();
});

test("the preview says exactly what the run then does", async () => {
  const { id } = await company.ask("maya", "payments");
  await denyRequest(company.actor("omar"), { requestId: id, note: "no" }, { db });
  const live = await company.grant("lena", "platform", "noor");
  await pass(31);
  const preview = await retentionPreview(company.viewer("ines"), 30, { db });
  const [first] = await db.change.findMany({ orderBy: { seq: "asc" }, take: 1 });
  expect(preview).toMatchObject({ days: 30, from: first?.at, unsalted: 0 });
  expect(preview?.kept).toBeGreaterThanOrEqual(await db.change.count({ where: { grantId: live.grantId } }));
  expect(await retentionPreview(company.viewer("omar"), 30, { db })).toBeNull();
  expect(await retentionPreview(company.viewer("ines"), 7, { db })).toBeNull();

  await set("ines", { days: 30 });
  expect(await redactHistory(db)).toBe(preview?.entries);
  expect(await retentionState(company.viewer("ines"), { db })).toMatchObject({
    lastRun: { entries: preview?.entries, isDone: true },
  });
  expect(await retentionPreview(company.viewer("ines"), 30, { db })).toMatchObject({ entries: 0, kept: preview?.kept });
});
