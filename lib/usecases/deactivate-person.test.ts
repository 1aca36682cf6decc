import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { approveRequest } from "./approve-request.ts";
import { deactivatePerson } from "./deactivate-person.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 4 });
  company = await foundCompany(db);
});
afterAll(async () => {
  expect((await verifyChain(db)).brokenAt).toBeNull();
  await db.$disconnect();
  await database.drop();
});

const deactivate = (username: "maya" | "lena") =>
  deactivatePerson(company.actor("ines"), { personId: company.idOf(username), reason: "left" }, { db });
const stateOf = async (id: string) => (await db.accessRequest.findUniqueOrThrow({ where: { id } })).state;
const told = (requestId: string) => db.change.count({ where: { requestId, kind: "request.withdrawn" } });

test("waiting requests are withdrawn, and each is told once", async () => {
  const { id } = await company.ask("lena", "platform");
  await deactivate("lena");
  await deactivate("lena");
  expect([await stateOf(id), await told(id)]).toEqual(["WITHDRAWN", 1]);
});

test("a request that is approved at that moment is not told as withdrawn, and its grant is taken back", async () => {
  const { id } = await company.ask("maya", "payments");
  let deactivated = Promise.resolve();
  const approved = await approveRequest(
    company.actor("omar"),
    { requestId: id },
    {
      db: beforeCommit(async () => {
        deactivated = deactivate("maya");
        await somebodyWaits();
      }),
    },
  );
  await deactivated;

  expect(approved.state).toBe("APPROVED");
  expect([await stateOf(id), await told(id)]).toEqual(["APPROVED", 0]);
  expect(await db.grant.findFirstOrThrow({ where: { requestId: id } })).toMatchObject({ state: "REVOKING" });
});

/** The database, with something that happens between a transaction's work and its commit. */
function beforeCommit(happens: () => Promise<void>): Db {
  return new Proxy(db, {
    get(target, name) {
      if (name !== "$transaction") return Reflect.get(target, name);
      return (work: Parameters<typeof db.$transaction>[0]) =>
        target.$transaction(async (tx) => {
          const result = await work(tx);
          await happens();
          return result;
        });
    },
  });
}

async function somebodyWaits(): Promise<void> {
  const look = async () => {
    const rows = await db.$queryRaw<object[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expect(rows).toHaveLength(1);
  };
  await vi.waitFor(look, { timeout: 10_000 });
}
