import { EventEmitter } from "node:events";
import { run, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { beat, freeLeasesOfDeadWorkers } from "./heartbeat.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDb(database.url, { max: 4 });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const lockedBy = async () => {
  const [job] = await db.$queryRaw<{ by: string | null }[]>`SELECT locked_by AS by FROM graphile_worker._private_jobs`;
  return job?.by;
};

test("jobs that a dead worker had locked are free again as soon as it is taken for dead, and no earlier", async () => {
  let lockName: string | null = null;
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => (lockName = workerPool.id));
  const begun = Promise.withResolvers<null>();
  const end = Promise.withResolvers<null>();
  const task = async () => {
    begun.resolve(null);
    await end.promise;
  };
  await db.$queryRaw`SELECT graphile_worker.add_job('hang', '{}')::text`;
  const pgPool = new pg.Pool({ connectionString: database.url });
  // The library's own listeners go before the last connection does.
  pgPool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  const hanging = { pgPool, concurrency: 2, noHandleSignals: true, parsedCronItems: [] };
  const runner = await run({ ...hanging, events, taskList: { hang: task } });
  await begun.promise;
  expect(await lockedBy()).toBe(lockName);

  await beat(db, "dead", lockName);
  await freeLeasesOfDeadWorkers(db);
  expect(await lockedBy()).toBe(lockName);
  await db.$executeRaw`UPDATE worker_heartbeat SET seen_at = seen_at - interval '9 seconds'`;
  await freeLeasesOfDeadWorkers(db);
  expect(await lockedBy()).toBeNull();
  end.resolve(null);
  await runner.stop();
  await pgPool.end();
});
