import { EventEmitter } from "node:events";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Logger, run, type Task, type WorkerEvents } from "graphile-worker";
import pino from "pino";
import { openDb } from "../db/client.ts";
import { notAwaitingDisk } from "../db/not-awaiting-disk.ts";
import { listen } from "../db/listen.ts";
import { workerEnv } from "../env.ts";
import { alarmOver } from "./alarm.ts";
import { openSigningKey } from "../proof/checkpoint.ts";
import { checkHistoryDaily } from "./check-history.ts";
import { connectionsOf } from "./connections.ts";
import { SYSTEM } from "../domain/actor.ts";
import { expireRequests } from "./expire-requests.ts";
import { openProviders } from "../providers/open-providers.ts";
import type { Deps } from "./deps.ts";
import { noteRateLimits } from "./budget.ts";
import { beat, freeLeasesOfDeadWorkers } from "./heartbeat.ts";
import { lookAtPlaces } from "./look-at-places.ts";
import { noteAccounts } from "./note-accounts.ts";
import { removeAccess, sweepAccessRemovals } from "./remove-access.ts";
import { mailRounds } from "./mail-rounds.ts";
import { repeat } from "./repeat.ts";
import { redactHistory } from "./redact-history.ts";
import { reconcileIfDue } from "./reconcile-binding.ts";
import { siemRounds } from "./siem-rounds.ts";
import { announceKey, signCheckpoints } from "./sign-checkpoints.ts";
import { sweepAll, sweepDue, untilNextDue } from "./sweep.ts";
import { syncDirectory } from "./sync-directory.ts";

const CONCURRENCY = 16;
/** How many trust policies one worker writes at the same time. */
const TURNS_AT_ONCE = 8;
const SWEEP_EVERY_MS = 5_000;
const SLOW_SWEEP = { olderThanMs: 5 * 60_000, most: 500 };
/** Each place once in five minutes, like each binding. */
const PLACES = { olderThanMs: 5 * 60_000, most: 100 };
const SYNC_EVERY_MS = 60_000;
const ALARM_EVERY_MS = 5_000;
const BEAT_EVERY_MS = 2_000;
const SIGN_EVERY_MS = 5 * 60_000;
const CHECK_EVERY_MS = 60 * 60_000;
const REDACT_EVERY_MS = 60 * 60_000;

const env = workerEnv();
const log = pino({ level: env.LOG_LEVEL, name: "worker" });
const workerId = `${hostname()}-${process.pid}-${Date.now().toString(36)}`;
const db = openDb(env.DATABASE_URL, { max: CONCURRENCY + 4 });
const turns = openDb(env.DATABASE_URL, { max: TURNS_AT_ONCE });
const providers = openProviders(connectionsOf(env));
const deps: Deps = {
  db,
  turns,
  workerId,
  pause: (ms) => pause(ms),
  providerNamed(connection) {
    const provider = providers.get(connection);
    if (!provider) throw new Error(`no connection named ${connection}`);
    return provider;
  },
};

for (const name of providers.keys())
  await db.connection.upsert({ where: { name }, create: { name, provider: name }, update: {} });

const signingKey = openSigningKey(env.SIGNING_KEY);
await announceKey(db, signingKey);

const failed = (task: string) => (error: unknown) =>
  log.error({ err: error, task }, "a round failed; it is tried again");
// Also of connections that are not configured any more: what is owed there must be seen to fail.
const due = (await db.connection.findMany({ select: { name: true } })).map(({ name }) =>
  repeat(
    SWEEP_EVERY_MS,
    () => sweepDue(name, deps),
    failed(`sweep of ${name}`),
    () => untilNextDue(name, deps, SWEEP_EVERY_MS),
  ),
);
const sweepWithin = (ms: number) => {
  for (const sweep of due) sweep.within(ms);
};
const reconcileTask: Task = async (payload) => {
  const { bindingId } = payload as { bindingId: string };
  const outcome = await reconcileIfDue(bindingId, deps);
  if (outcome.kind === "look-again") sweepWithin(outcome.afterMs);
};

const removeAccessTask: Task = async (payload) => {
  const { accessId } = payload as { accessId: string };
  await removeAccess(accessId, deps);
};

let lockName: string | null = null;
const queueEvents: WorkerEvents = new EventEmitter();
queueEvents.on("pool:create", ({ workerPool }) => (lockName = workerPool.id));
const runner = await run({
  // A job only wakes: one that is lost, or done twice, after a crash of the database changes nothing.
  connectionString: notAwaitingDisk(env.DATABASE_URL),
  events: queueEvents,
  concurrency: CONCURRENCY,
  maxPoolSize: CONCURRENCY + 2,
  noHandleSignals: true,
  parsedCronItems: [],
  logger: new Logger(() => (level, message) => log[level === "warning" ? "warn" : level]({ queue: true }, message)),
  pollInterval: 1_000,
  taskList: { "reconcile-binding": reconcileTask, "remove-access": removeAccessTask },
});

// In the order of configuration: accounts elsewhere are matched with people whom GitLab's identities name.
const directory = repeat(
  SYNC_EVERY_MS,
  async () => {
    for (const [name, provider] of providers)
      await syncDirectory(name, provider, { db, issuer: env.OIDC_ISSUER }).catch(failed(`directory of ${name}`));
    await noteAccounts(db);
  },
  failed("directory"),
);
const places = repeat(
  SWEEP_EVERY_MS,
  () => lookAtPlaces(deps, { ...PLACES, connections: [...providers.keys()] }),
  failed("places"),
);
const checkpoints = repeat(SIGN_EVERY_MS, () => signCheckpoints(db, signingKey), failed("checkpoints"));
const redactions = repeat(REDACT_EVERY_MS, () => redactHistory(db), failed("redaction of the history"));
const rounds = [
  ...due,
  repeat(SWEEP_EVERY_MS, () => expireRequests(SYSTEM, deps), failed("requests that nobody decided")),
  repeat(SWEEP_EVERY_MS, () => sweepAll(deps, SLOW_SWEEP), failed("slow sweep")),
  repeat(
    BEAT_EVERY_MS,
    async () => {
      await beat(db, workerId, lockName);
      await freeLeasesOfDeadWorkers(db);
      await noteRateLimits(db, providers);
    },
    failed("heartbeat"),
  ),
  repeat(SWEEP_EVERY_MS, () => sweepAccessRemovals(deps), failed("sweep of access behind no grant")),
  places,
  repeat(ALARM_EVERY_MS, alarmOver(db, log), failed("alarm")),
  directory,
  ...mailRounds(env, db, failed),
  ...siemRounds(env, db, failed),
  checkpoints,
  repeat(CHECK_EVERY_MS, () => checkHistoryDaily(db), failed("check of the history")),
  redactions,
];
/**
 * Somebody who signed in for the first time should not wait for the next round to have accounts, an export for its
 * signature, nor a policy for its first run.
 */
function onNotice(channel: string, payload: string) {
  if (channel === "daypass_clock") {
    sweepWithin(0);
    places.now();
    return;
  }
  const { kind } = JSON.parse(payload) as { kind: string };
  if (kind === "person.joined") directory.now();
  if (kind === "history.exported") checkpoints.now();
  if (kind === "retention.changed") redactions.now();
}
const notices = await listen(env.DATABASE_URL, ["daypass_clock", "daypass_change"], onNotice, () => sweepWithin(0));
log.info({ workerId }, "worker ready");

async function stop() {
  await notices.close();
  await Promise.all(rounds.map((round) => round.stop()));
  await runner.stop();
  await Promise.all([db.$disconnect(), turns.$disconnect()]);
  process.exit(0);
}
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
