import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { createToken } from "../usecases/create-token.ts";
import { historyEntry } from "./history-entry.ts";
import { historySeenBy, type HistoryEntry, type HistoryFilter } from "./history-seen-by.ts";
import { AWS, GITLAB, foundCompany, type Company, type Username } from "./testing/company.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
let requestId: string;
let grantId: string;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  ({ requestId, grantId } = await company.grant("maya", "payments", "omar"));
  await company.grant("lena", "platform", "noor");
  await createToken(company.actor("theo"), { name: "terminal", scopes: ["history:read"], days: 1 }, { db });
  await company.publish({ entitlements: [{ ...GITLAB, level: "developer" }] }, "less is enough");
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

async function kinds(username: Username, filter: Partial<HistoryFilter> = {}): Promise<string[]> {
  const entries = await historySeenBy(company.viewer(username), { limit: 100, ...filter }, { db });
  return entries.map(title);
}

function title({ kind, about }: HistoryEntry): string {
  const { role, token } = about;
  return `${kind} ${typeof role === "string" ? role : JSON.stringify(token)}`;
}

const PAYMENTS = [
  "grant.narrowed payments",
  "role.published payments",
  "grant.activating payments",
  "request.approved payments",
  "request.submitted payments",
  "role.created payments",
];
const PLATFORM = [
  "grant.activating platform",
  "request.approved platform",
  "request.submitted platform",
  "role.created platform",
];

describe("who sees what, newest first", () => {
  const all = [
    ...PAYMENTS.slice(0, 2),
    `token.created "terminal"`,
    ...PLATFORM.slice(0, 3),
    ...PAYMENTS.slice(2, 5),
    PLATFORM[3],
    PAYMENTS[5],
    "four-eyes.switched undefined",
  ];

  test.each(["ines", "theo"] as const)("%s sees everything", async (username) => {
    expect(await kinds(username)).toEqual(all);
  });
  test("a developer sees their own story and nothing about the role or others", async () => {
    expect(await kinds("maya")).toEqual([PAYMENTS[0], ...PAYMENTS.slice(2, 5)]);
    expect(await kinds("lena")).toEqual(PLATFORM.slice(0, 3));
  });
  test("an owner sees the stories of the roles that they own, each entry once", async () => {
    expect(await kinds("omar")).toEqual(PAYMENTS);
    expect(await kinds("noor")).toEqual(PLATFORM);
  });
});

describe("filters", () => {
  const find = (filter: Partial<HistoryFilter>) => kinds("ines", filter);

  test("by role, person, actor, kind, request and grant", async () => {
    expect(await find({ role: "payments" })).toEqual(PAYMENTS);
    expect(await find({ person: company.idOf("theo") })).toEqual([`token.created "terminal"`]);
    expect(await find({ actor: company.idOf("omar") })).toEqual(PAYMENTS.slice(2, 4));
    expect(await find({ kind: "grant.narrowed" })).toEqual(["grant.narrowed payments"]);
    expect(await find({ request: requestId })).toEqual([PAYMENTS[0], ...PAYMENTS.slice(2, 5)]);
    expect(await find({ grant: grantId })).toEqual([PAYMENTS[0], PAYMENTS[2]]);
  });
  test("by time, the first moment included and the last not", async () => {
    const [newest, second] = await historySeenBy(company.viewer("ines"), { limit: 2 }, { db });
    const at = newest?.at ?? "";
    expect(newest?.at).toBe(second?.at);
    expect(await find({ since: at })).toEqual(PAYMENTS.slice(0, 2));
    expect(await find({ until: at })).toEqual((await find({})).slice(2));
    expect(await find({ until: "2020-01-01T00:00:00.000Z" })).toEqual([]);
    expect(await kinds("maya", { since: at })).toEqual(PAYMENTS.slice(0, 1));
    expect(await kinds("omar", { since: at, kind: "grant.narrowed" })).toEqual(PAYMENTS.slice(0, 1));
  });
  test("a role, kind or person that does not exist has no history", async () => {
    expect(await find({ role: "nothing" })).toEqual([]);
    expect(await find({ kind: "nothing" })).toEqual([]);
    expect(await find({ person: "00000000-0000-4000-8000-000000000000" })).toEqual([]);
  });
  test("a filter never widens what a viewer sees", async () => {
    expect(await kinds("lena", { role: "payments" })).toEqual([]);
    expect(await kinds("lena", { grant: grantId })).toEqual([]);
    expect(await kinds("maya", { actor: company.idOf("ines") })).toEqual(["grant.narrowed payments"]);
  });
  test.each(["ines", "omar"] as const)("pages follow each other without a gap or a repeat for %s", async (username) => {
    const pages: string[] = [];
    let before: number | undefined;
    for (;;) {
      const page = await historySeenBy(company.viewer(username), { before, limit: 2 }, { db });
      pages.push(...page.map(title));
      before = page.at(-1)?.seq;
      if (page.length < 2) break;
    }
    expect(pages).toEqual(await kinds(username));
  });
  test("a cursor beyond every number that fits is the first page, not an error", async () => {
    expect(await find({ before: Number.MAX_SAFE_INTEGER })).toEqual(await find({}));
  });
});

describe("one entry", () => {
  const seqOf = async (kind: string) => Number((await db.change.findFirstOrThrow({ where: { kind } })).seq);
  const seen = async (username: Username, kind: string) =>
    historyEntry(company.viewer(username), await seqOf(kind), { db });

  test("says what caused it and what it caused", async () => {
    const narrowed = await seen("ines", "grant.narrowed");
    expect(narrowed?.cause?.kind).toBe("role.published");
    expect(narrowed?.entry.before).toEqual([GITLAB, AWS]);
    const published = await seen("ines", "role.published");
    expect(published?.cause).toBeNull();
    expect(published?.caused.map(({ kind }) => kind)).toEqual(["grant.narrowed"]);
  });
  test("names the groups that it mentions by id", async () => {
    const published = await seen("ines", "role.published");
    expect(Object.values(published?.names ?? {})).toEqual(["acme/payments"]);
  });
  test("is not there for a stranger, and a cause that the viewer may not see is left out", async () => {
    expect(await seen("lena", "grant.narrowed")).toBeNull();
    expect(await seen("maya", "role.published")).toBeNull();
    const narrowed = await seen("maya", "grant.narrowed");
    expect(narrowed?.entry.kind).toBe("grant.narrowed");
    expect(narrowed?.cause).toBeNull();
  });
  test("that does not exist is null, however large its number", async () => {
    expect(await historyEntry(company.viewer("ines"), Number.MAX_SAFE_INTEGER, { db })).toBeNull();
  });
});

test("when a role moves to another owner group, its history moves with it", async () => {
  await company.publish({ ownerGroupId: company.spec("acme/payments").ownerGroupId }, "moved", "platform");
  expect(await kinds("noor")).toEqual(["grant.activating platform", "request.approved platform"]);
  expect(await kinds("omar")).toEqual(
    ["role.published platform", ...PAYMENTS.slice(0, 2), ...PLATFORM.slice(0, 3)].concat(
      PAYMENTS.slice(2, 5),
      PLATFORM.slice(3),
      PAYMENTS.slice(5),
    ),
  );
});
