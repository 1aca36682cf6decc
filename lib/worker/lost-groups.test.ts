import { afterEach, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { CouldNotTell, type AccessProvider, type DirectoryGroup } from "../providers/provider.ts";
import { requestsAwaiting } from "../queries/requests-awaiting.ts";
import { roleSeenBy } from "../queries/role-seen-by.ts";
import { rolesFor } from "../queries/roles-for.ts";
import { foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { approveRequest } from "../usecases/approve-request.ts";
import { publishRole } from "../usecases/publish-role.ts";
import { syncDirectory } from "./sync-directory.ts";

let db: Db;
let drop: () => Promise<void>;
let company: Company;
let payments: DirectoryGroup;
let platform: DirectoryGroup;

beforeEach(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
  await db.connection.create({ data: { name: "gitlab", provider: "gitlab" } });
  payments = group("1", "acme/payments", "omar", "maya");
  platform = group("2", "acme/platform", "noor", "lena");
  // The rows of the company have no external id yet: each is found by its path, this once.
  await sync([payments, platform]);
});
afterEach(async () => {
  expect((await verifyChain(db)).brokenAt).toBeNull();
  await db.$disconnect();
  await drop();
});

test.each([
  ["while it was looked at", false],
  ["between two looks", true],
])("a group made at the path of one that was deleted %s decides nothing about its roles", async (_when, isSeenGone) => {
  const { id } = await company.ask("maya", "payments");
  if (isSeenGone) await sync([platform]);
  await sync([platform, group("3", "acme/payments", "lena")]);

  expect(await owners()).toEqual({ payments: [], platform: ["noor"] });
  for (const username of ["lena", "omar"] as const) {
    const actor = company.actor(username);
    await expect(approveRequest(actor, { requestId: id }, { db })).rejects.toMatchObject({ code: "not-found" });
    const edit = { slug: "payments", expectedVersion: 1, reason: "mine", spec: company.spec("acme/payments") };
    await expect(publishRole(actor, edit, { db })).rejects.toMatchObject({ code: "role-unknown" });
    expect(await requestsAwaiting(company.viewer(username), {}, { db })).toEqual([]);
  }
  const { ownerGroup, ownerGroupMissingSince } = await seen();
  expect(ownerGroup).toBe("acme/payments (earlier group 1)");
  expect(ownerGroupMissingSince).not.toBeNull();
  expect(await lost()).toEqual([{ before: { owners: [company.idOf("omar")] }, after: { owners: [] } }]);
});

test.each([
  ["the taker first", (taker: DirectoryGroup, taken: DirectoryGroup) => [taker, taken]],
  ["the other first", (taker: DirectoryGroup, taken: DirectoryGroup) => [taken, taker]],
])("groups whose paths went round keep their roles and owners, %s", async (_order, listed) => {
  const told = await db.change.count();
  for (const path of ["acme/elsewhere", "acme/payments", "acme/elsewhere"]) {
    await sync(listed({ ...payments, path: "acme/platform" }, { ...platform, path }));
    expect(await owners()).toEqual({ payments: ["omar"], platform: ["noor"] });
    expect(await paths()).toEqual({ 1: "acme/platform", 2: path });
  }
  expect(await seen()).toMatchObject({ ownerGroup: "acme/platform", ownerGroupMissingSince: null });
  expect(await db.change.count()).toBe(told);
});

test("the last owners of a group that is listed no more decide nothing, and do again when it is back", async () => {
  const { id } = await company.ask("maya", "payments");
  await sync([platform]);
  expect(await owners()).toEqual({ payments: [], platform: ["noor"] });
  const { ownerGroup, ownerGroupMissingSince, mayAsk } = await seen();
  expect([ownerGroup, mayAsk]).toEqual(["acme/payments", false]);
  const [row] = await rolesFor(company.viewer("ines"), { db });
  expect(row).toMatchObject({ slug: "payments", ownerGroupMissingSince });

  await sync([platform]);
  expect(await seen()).toMatchObject({ ownerGroupMissingSince });
  expect(await lost()).toHaveLength(1);

  await sync([platform, payments]);
  expect(await seen()).toMatchObject({ ownerGroupMissingSince: null });
  const approved = await approveRequest(company.actor("omar"), { requestId: id }, { db });
  expect(approved).toMatchObject({ state: "APPROVED" });
});

test("owners of a group that was found missing before they were taken with it lose it now", async () => {
  await db.group.updateMany({ where: { externalId: "1" }, data: { missingSince: new Date(0) } });
  await sync([platform]);
  expect(await owners()).toEqual({ payments: [], platform: ["noor"] });
  expect(await seen()).toMatchObject({ ownerGroupMissingSince: new Date(0) });
});

test("a listing that is empty or breaks off takes nobody's groups away", async () => {
  await expect(sync([])).rejects.toThrow(CouldNotTell);
  await expect(sync([platform], new CouldNotTell("GitLab did not answer"))).rejects.toThrow("did not answer");
  expect(await owners()).toEqual({ payments: ["omar"], platform: ["noor"] });
  expect(await seen()).toMatchObject({ ownerGroupMissingSince: null });
});

test("a provider that never had groups is in order without any", async () => {
  await db.group.updateMany({ data: { connection: "elsewhere" } });
  await expect(sync([])).resolves.toBeUndefined();
});

function group(externalId: string, path: string, owner: Username, ...others: Username[]): DirectoryGroup {
  const members = [owner, ...others].map((name) => ({ externalId: company.idOf(name), isOwner: name === owner }));
  return { externalId, path, name: path, members };
}

async function sync(groups: readonly DirectoryGroup[], failure?: Error): Promise<void> {
  const people = await db.person.findMany();
  const provider: Partial<AccessProvider> = {
    async *listAccounts() {
      for (const { id, username, name, email, subject } of people)
        yield { externalId: id, username, name, email, subject, active: true };
    },
    async *listGroups() {
      yield* groups;
      if (failure) throw failure;
    },
  };
  await syncDirectory("gitlab", provider as AccessProvider, { db, issuer: "test" });
}

/** User names of who owns the owner group of each role in force. */
async function owners(): Promise<Record<string, string[]>> {
  const rows = await db.$queryRaw<{ slug: string; owners: string[] }[]>`
    SELECT r.slug, ARRAY(SELECT p.username FROM person p WHERE p.id = ANY(owners_of(v.owner_group_id))) AS owners
    FROM role r JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version`;
  return Object.fromEntries(rows.map((row) => [row.slug, row.owners]));
}

async function paths(): Promise<Record<string, string>> {
  const rows = await db.group.findMany({ where: { missingSince: null } });
  return Object.fromEntries(rows.map(({ externalId, path }) => [externalId, path]));
}

async function seen() {
  const role = await roleSeenBy(company.viewer("ines"), "payments", { db });
  if (!role) throw new Error("an admin sees every role");
  return role;
}

/** What the history tells of groups that lost all their owners. */
async function lost() {
  const rows = await db.change.findMany({ where: { kind: "group.owners-changed", why: { contains: "gone" } } });
  return rows.map(({ body }) => {
    const { before, after } = JSON.parse(body);
    return { before, after };
  });
}
