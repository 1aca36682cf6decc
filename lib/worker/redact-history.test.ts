import fc from "fast-check";
import { v7 as newId } from "uuid";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SYSTEM } from "../domain/actor.ts";
import { REDACTED } from "../domain/personal.ts";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { accessAt } from "../queries/access-at.ts";
import { previewOfRollback } from "../queries/preview-rollback.ts";
import { denyRequest } from "../usecases/deny-request.ts";
import { keepUnknownAccess } from "../usecases/keep-unknown-access.ts";
import { rollBack } from "../usecases/roll-back.ts";
import { redactHistory } from "./redact-history.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeEach(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
});
afterEach(async () => {
  await db.$disconnect();
  await drop();
});

const pass = (days: number) => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${days}::bigint * 86400000`;
const keepFor = (days: number | null) => db.$executeRaw`UPDATE retention SET days = ${days}`;
const runs = () => db.change.findMany({ where: { kind: "history.redacted" }, orderBy: { seq: "asc" } });
const redacted = (where: object) => db.change.count({ where: { ...where, redactedBy: { not: null } } });
const whole = async () => (await verifyChain(db)).brokenAt === null;

/** As if the worker had seen it gone. */
async function end(grantId: string): Promise<void> {
  await db.$executeRaw`UPDATE access_grant SET state = 'ENDED', closed_at = daypass_now() WHERE id = ${grantId}::uuid`;
}

async function denied(words: string): Promise<string> {
  const { id } = await company.ask("maya", "payments");
  await denyRequest(company.actor("omar"), { requestId: id, note: words }, { db });
  return id;
}

/** Every text in every row of the database, the queue's aside. */
async function textOfDatabase(): Promise<string> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND relname <> 'person'`;
  const texts = await Promise.all(
    tables.map(({ name }) => db.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`)),
  );
  return texts
    .flat()
    .map(({ row }) => row)
    .join("\n");
}

test("everything is kept for ever until somebody says otherwise", async () => {
  await denied("not today");
  await pass(5_000);
  expect(await redactHistory(db)).toBe(0);
  expect(await textOfDatabase()).toContain("not today");
});

test("what is over for long enough loses its names and reasons everywhere, and the chain stays whole", async () => {
  const requestId = await denied("because of Zelda");
  const roleReason = "Zelda wants it";
  await company.publish({ maxMinutes: 60 }, roleReason);
  await company.publish({ maxMinutes: 30 });
  await keepFor(30);
  expect(await redactHistory(db)).toBe(0);
  await pass(31);
  const count = await redactHistory(db);
  expect(count).toBeGreaterThan(3);
  expect(await whole()).toBe(true);
  expect(await redacted({ requestId })).toBe(2);

  const left = await textOfDatabase();
  for (const gone of ["maya asks", "because of Zelda", roleReason]) expect(left).not.toContain(gone);
  const [own] = await db.change.findMany({ where: { requestId }, orderBy: { seq: "asc" } });
  expect(own).toMatchObject({ actorName: null, why: null, personId: company.idOf("maya") });
  expect(await db.accessRequest.findUniqueOrThrow({ where: { id: requestId } })).toMatchObject({
    justification: REDACTED,
  });

  const [run, ...others] = await runs();
  expect(others).toEqual([]);
  expect(JSON.parse(run!.body)).toMatchObject({ after: { days: 30, entries: count, upTo: Number(run!.seq) - 1 } });
});

test("a run is told of once, and with nothing to do there is none", async () => {
  await denied("x");
  await keepFor(30);
  await pass(31);
  expect(await redactHistory(db)).toBeGreaterThan(0);
  expect(await redactHistory(db)).toBe(0);
  expect(await runs()).toHaveLength(1);
  await denied("y");
  await pass(31);
  expect(await redactHistory(db)).toBeGreaterThan(0);
  expect(await runs()).toHaveLength(2);
  expect(await whole()).toBe(true);
});

test("what belongs to a live grant or a waiting request stays, and goes with the rest once it is over", async () => {
  const { grantId, requestId } = await company.grant("maya", "payments", "omar");
  const { id: waiting } = await company.ask("lena", "platform");
  await keepFor(30);
  await pass(31);
  await redactHistory(db);
  expect(await redacted({ requestId: { in: [requestId, waiting] } })).toBe(0);
  expect((await db.accessRequest.findUniqueOrThrow({ where: { id: requestId } })).justification).toBe("maya asks");

  await end(grantId);
  await pass(29);
  await redactHistory(db);
  expect(await redacted({ requestId })).toBe(0);
  await pass(2);
  await redactHistory(db);
  expect(await redacted({ requestId })).toBe(await db.change.count({ where: { requestId } }));
  expect(await redacted({ requestId: waiting })).toBe(0);
  expect(await whole()).toBe(true);
});

test("why a version is in force, or was when a live grant was asked for, stays", async () => {
  await company.publish({ maxMinutes: 120 }, "pinned by a grant");
  const { grantId } = await company.grant("maya", "payments", "omar");
  await company.publish({ maxMinutes: 60 }, "in force");
  await keepFor(30);
  await pass(31);
  await redactHistory(db);
  const reasons = async () =>
    (await db.roleVersion.findMany({ where: { role: { slug: "payments" } } })).map(({ reason }) => reason);
  expect((await reasons()).sort()).toEqual([REDACTED, "in force", "pinned by a grant"]);
  await end(grantId);
  await redactHistory(db);
  expect((await reasons()).sort()).toEqual([REDACTED, REDACTED, "in force"]);
});

test("a change that is redacted can be rolled back, and the history still says who held what", async () => {
  await company.publish({ maxMinutes: 60 }, "Zelda wants it shorter");
  const { seq } = await db.change.findFirstOrThrow({ where: { kind: "role.published" } });
  const { grantId } = await company.grant("maya", "payments", "omar");
  await end(grantId);
  await company.publish({ maxMinutes: 60, name: "Another name" });
  const binding = await db.binding.findFirstOrThrow({ where: { grants: { some: { grantId } } } });
  const { id: bindingId, personId, connection, kind, target } = binding;
  const at = await databaseNow(db);
  const about = { person: "Maya", account: "maya", connection, kind, target };
  const after = { state: "present", level: "maintainer", until: null };
  await db.$transaction((tx) =>
    record(tx, SYSTEM, at, [{ kind: "binding.applied", about, personId, bindingId, after }]),
  );
  await keepFor(30);
  await pass(31);
  await redactHistory(db);
  expect(await redacted({ seq })).toBe(1);
  expect(await redacted({ kind: "binding.applied" })).toBe(1);

  const held = await accessAt(company.viewer("ines"), { at, limit: 5 }, { db });
  expect(held).toMatchObject([{ personId, target, level: "maintainer" }]);
  const aim = { kind: "change", seq: Number(seq) } as const;
  const preview = await previewOfRollback(company.viewer("ines"), aim, {}, { db });
  expect(preview?.sentence).toBe(`${REDACTED} published version 2 of payments`);
  await rollBack(company.actor("ines"), { aim, reason: "too short" }, { db });
  const [version] = await db.roleVersion.findMany({
    where: { role: { slug: "payments" } },
    orderBy: { version: "desc" },
  });
  expect(version).toMatchObject({ maxMinutes: 240, name: "Another name", reason: "too short" });
  expect(await whole()).toBe(true);
});

test("the story of access that is still there stays, and goes with the finding", async () => {
  const place = { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer" };
  const { id: placeId } = await db.managedPlace.create({ data: { id: newId(), ...place } });
  const now = await databaseNow(db);
  const { id: accessId } = await db.unknownAccess.create({
    data: { id: newId(), placeId, externalId: "7", username: "mallory", level: "owner", foundAt: now, seenAt: now },
  });
  const until = new Date(now.getTime() + 20 * 86_400_000).toISOString().slice(0, 10);
  await keepUnknownAccess(company.actor("ines"), { accessId, until, reason: "a contractor" }, { db });
  await keepFor(30);
  await pass(31);
  await redactHistory(db);
  expect(await redacted({ kind: "access.kept" })).toBe(0);
  await db.$executeRaw`UPDATE unknown_access SET gone_at = daypass_now()`;
  await pass(31);
  await redactHistory(db);
  expect(await redacted({ kind: "access.kept" })).toBe(await db.change.count({ where: { kind: "access.kept" } }));
  expect(await textOfDatabase()).not.toMatch(/mallory|a contractor/);
});

test("a run that broke off goes on where it was, without another announcement, and two workers do it once", async () => {
  const entries = Array.from(
    { length: 600 },
    (_, i) => ({ kind: "group.missing", about: { person: `P${i}` } }) as const,
  );
  await db.$transaction(async (tx) => record(tx, SYSTEM, await databaseNow(tx), entries));
  await keepFor(30);
  await pass(31);
  const broken = brokenAfter(db, 2);
  await expect(redactHistory(broken)).rejects.toThrow("the machine died");
  const before = await redacted({});
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(entries.length);
  const done = await Promise.all([redactHistory(db), redactHistory(db)]);
  expect(before + done[0] + done[1]).toBe(await redacted({}));
  expect(await runs()).toHaveLength(1);
  expect(await redacted({ kind: "group.missing" })).toBe(entries.length);
  expect(await whole()).toBe(true);
});

/** A database that answers so many transactions and then no more. */
function brokenAfter(real: Db, transactions: number): Db {
  let left = transactions;
  return new Proxy(real, {
    get(target, name) {
      if (name === "$transaction" && left-- <= 0) throw new Error("the machine died");
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a shorter or longer time stops what is under way, and what is younger is never touched", async () => {
  await denied("old");
  await pass(40);
  const young = await denied("young");
  await keepFor(30);
  await pass(1);
  await redactHistory(db);
  expect(await redacted({ requestId: young })).toBe(0);
  expect(await textOfDatabase()).not.toContain("(old)");
});

test("whatever entries say and whenever a run comes, the chain verifies and no redacted value is left", async () => {
  const told = fc.record({
    kind: fc.constant("group.missing" as const),
    about: fc.record({
      person: fc.nat(99_999).map((n) => `who-${n}-who`),
      account: fc.nat(99_999).map((n) => `acc-${n}-acc`),
    }),
    why: fc.option(fc.nat(99_999).map((n) => `"why" – ${n} \\`)),
    after: fc.record({ username: fc.nat(99_999).map((n) => `user-${n}-user`) }),
  });
  const step = fc.oneof(fc.array(told, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }));
  await keepFor(30);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const one of steps) {
        if (typeof one === "number") await pass(one);
        else await db.$transaction(async (tx) => record(tx, SYSTEM, await databaseNow(tx), one));
        await redactHistory(db);
      }
      expect(await whole()).toBe(true);
      const rows = await db.$queryRaw<{ row: string; old: boolean }[]>`
        SELECT c::text AS row, at < redact_before() AS old FROM change c WHERE kind = 'group.missing'`;
      for (const { row, old } of rows) expect(/who-\d+-who|acc-\d+-acc|why" – |user-\d+-user/.test(row)).toBe(!old);
    }),
    { numRuns: 6 },
  );
});
