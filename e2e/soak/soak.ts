import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { v7 as newId } from "uuid";
import { fill, type Filled } from "../../bench/fill.ts";
import { openDb, type Db } from "../../lib/db/client.ts";
import { daypassUp, type Running } from "../../scripts/daypass-up.ts";
import { freePort, type SandboxState } from "../daypass.ts";
import { mintTokenFor } from "../mint.ts";
import { MovedClock } from "./moved-clock.ts";
import { Troubles } from "./troubles.ts";

const PEOPLE = 120;
const GROUPS = 2;
/** Every third person was a developer before, and has to be one afterwards. */
const STANDING = { level: 30, until: "2031-05-01" };
const STEP_MS = 1_000;
const ASKED_AT_ONCE = 10;
const STEP_WAITS_MS = 10_000;
const BEING_SET_UP = 15;
const SETTLED_WITHIN_MS = 120_000;

export type Soaked = {
  readonly grants: number;
  readonly open: number;
  /** In words: access that should be gone, and standing access that should be there. */
  readonly leftBehind: readonly string[];
  readonly lost: readonly string[];
  /** From the moment at which access was to end until it was proved gone, in milliseconds of the machine's clock. */
  readonly lateness: readonly number[];
  readonly troubles: Troubles["counts"];
};

type World = {
  readonly running: Running;
  readonly db: Db;
  readonly filled: Filled;
  readonly tokens: ReadonlyMap<string, string>;
  readonly clock: MovedClock;
  readonly random: () => number;
};

/**
 * Real processes with two workers, one of which is killed every few seconds, a database that is killed once, and providers
 * that misbehave, while grants start and end until `isEnough`. Then the troubles stop, everything has to end, and what is
 * left at the providers is compared with what was there before.
 */
export async function soak({
  seed,
  isEnough,
  log,
}: {
  seed: number;
  isEnough: (grants: number, elapsedMs: number) => boolean;
  log: (line: string) => void;
}): Promise<Soaked> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-soak-"));
  await chmod(folder, 0o711);
  const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
  const source = { ...ports, SANDBOX_MAIL_PORT: String(await freePort()), DAYPASS_DATA: folder, LOG_LEVEL: "silent" };
  const running = await daypassUp(source, { log });
  const db = openDb(running.databaseUrl, { max: 4 });
  try {
    const world = await prepare(running, db, seed);
    const troubles = await Troubles.begin(running, world.random);
    await live(world, troubles, isEnough, log);
    await troubles.end();
    await endEverything(world);
    return { ...(await look(world)), troubles: troubles.counts };
  } finally {
    await db.$disconnect();
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(running: Running, db: Db, seed: number): Promise<World> {
  await post(`${running.sandboxUrl ?? ""}/_seed`, { people: PEOPLE, groups: GROUPS });
  for (let accounts = 0; accounts < 2 * PEOPLE;) {
    await pause(200);
    accounts = await db.providerAccount.count({ where: { username: { startsWith: "person" } } });
  }
  const filled = await fill(db, { groups: GROUPS, requests: 0 });
  for (const person of standing(filled)) await giveStanding(running, db, person.id);
  const tokens = new Map<string, string>();
  for (const { id } of filled.people) tokens.set(id, await mintTokenFor(db, id));
  const clock = new MovedClock();
  await clock.note(db);
  return { running, db, filled, tokens, clock, random: randomFrom(seed) };
}

function standing({ people }: Filled): Filled["people"] {
  return people.filter((_, n) => n % 3 === 0);
}

async function giveStanding({ sandboxUrl }: Running, db: Db, personId: string): Promise<void> {
  const account = await db.providerAccount.findUniqueOrThrow({
    where: { personId_connection: { personId, connection: "gitlab" } },
  });
  await post(
    `${sandboxUrl ?? ""}/gitlab/api/v4/groups/acme%2Froles%2Fbench-0001/members`,
    { user_id: Number(account.externalId), access_level: STANDING.level, expires_at: STANDING.until },
    { "private-token": "glpat-sandbox-daypass" },
  );
}

/** One step a second: people ask, owners approve, some give back early, a minute passes, something breaks. */
async function live(
  world: World,
  troubles: Troubles,
  isEnough: (grants: number, elapsedMs: number) => boolean,
  log: (line: string) => void,
): Promise<void> {
  const start = performance.now();
  for (let step = 1, grants = 0; !isEnough(grants, performance.now() - start); step += 1) {
    const next = performance.now() + STEP_MS;
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, () => anyGrant(world)));
    grants = await patiently(() => world.db.grant.count());
    await untilFewAreBeingSetUp(world.db);
    await moveClock(world, 1);
    await troubles.breakProvider();
    if (step % 3 === 0) await troubles.killWorker();
    if (step === 10) await troubles.killDatabase(world.db);
    if (step % 10 === 0) log(`${grants} grants, ${JSON.stringify(troubles.counts)}`);
    await pause(Math.max(0, next - performance.now()));
  }
}

/** Time passes as fast as the machine keeps up: what is never set up is never taken back either, and would show nothing. */
async function untilFewAreBeingSetUp(db: Db): Promise<void> {
  const until = performance.now() + STEP_WAITS_MS;
  const isBusy = () => patiently(() => db.grant.count({ where: { state: "ACTIVATING" } }));
  while ((await isBusy()) > BEING_SET_UP && performance.now() < until) await pause(100);
}

async function anyGrant(world: World): Promise<void> {
  const { filled, tokens, random } = world;
  const person = pick(filled.people, random);
  const role = pick(filled.roles, random);
  const asked = { role: role.slug, minutes: 4 + Math.floor(random() * 12), justification: "soak" };
  const givesBack = random() < 0.15;
  const request = await ask(world, tokens.get(person.id), "/requests", asked);
  if (!request) return;
  const approved = await ask(world, tokens.get(role.ownerId), `/requests/${request.id ?? ""}/approve`, {});
  if (approved?.grantId && givesBack)
    await ask(world, tokens.get(person.id), `/grants/${approved.grantId}/release`, {});
}

type Answer = { id?: string; grantId?: string };

/** Asks until there is an answer, as a client with an Idempotency-Key may. Null when a rule said no. */
async function ask({ running }: World, token: string | undefined, path: string, body: object): Promise<Answer | null> {
  const key = newId();
  return patiently(async () => {
    const answer = await fetch(`${running.url}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token ?? ""}`, "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status >= 500) throw new Error(text);
    return answer.ok ? (JSON.parse(text || "{}") as Answer) : null;
  });
}

async function moveClock({ db, running, clock }: World, minutes: number): Promise<void> {
  await post(`${running.sandboxUrl ?? ""}/_clock`, { advanceMs: minutes * 60_000 });
  await patiently(() => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`);
  await patiently(() => clock.note(db));
}

async function endEverything(world: World): Promise<void> {
  await moveClock(world, 20);
  const until = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const open = await patiently(() => world.db.grant.count({ where: { closedAt: null } }));
    if (open === 0 || performance.now() > until) return;
    await pause(200);
  }
}

async function look({ db, running, filled, clock }: World): Promise<Omit<Soaked, "troubles">> {
  const state = (await (await fetch(`${running.sandboxUrl ?? ""}/_state`)).json()) as SandboxState;
  const kept = new Set(standing(filled).map(({ username }) => username));
  const leftBehind: string[] = [];
  const lost: string[] = [];
  for (const { slug } of filled.roles) {
    const members = state.gitlab.groups[`acme/roles/${slug}`]?.members ?? [];
    const isStanding = (username: string) => slug === "bench-0001" && kept.has(username);
    for (const { username, access_level: level, expires_at: until } of members) {
      if (!username.startsWith("person")) continue;
      if (!isStanding(username) || level > STANDING.level) leftBehind.push(`${username} in ${slug}: ${level}`);
      else if (level !== STANDING.level || until !== STANDING.until) lost.push(`${username}: ${level}, ${until}`);
    }
    for (const username of state.aws.groups[slug] ?? []) leftBehind.push(`${username} in IAM group ${slug}`);
    if (slug === "bench-0001")
      for (const username of kept) if (!members.some((member) => member.username === username)) lost.push(username);
  }
  const grants = await db.grant.findMany();
  const lateness = grants.flatMap(({ closedAt, endingAt, endsAt, state: how }) => {
    if (!closedAt || how === "ACTIVATION_FAILED") return [];
    const due = how === "REVOKED" && endingAt ? endingAt : endsAt;
    return [clock.machineTime(closedAt) - clock.machineTime(due)];
  });
  return { grants: grants.length, open: grants.filter(({ closedAt }) => !closedAt).length, leftBehind, lost, lateness };
}

/** The database and the web process are away at times; whoever uses them tries again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(200);
    }
  }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** The same numbers for the same seed (a linear congruential generator; good enough for picking). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
