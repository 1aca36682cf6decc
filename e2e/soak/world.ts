import { setTimeout as pause } from "node:timers/promises";
import { fill, type Filled } from "../../bench/fill.ts";
import type { Db } from "../../lib/db/client.ts";
import type { Running } from "../../scripts/daypass-up.ts";
import { mintTokenFor } from "../mint.ts";
import { MovedClock } from "./moved-clock.ts";
import { patiently } from "./patiently.ts";
import { post } from "./post.ts";
import { randomFrom } from "./random.ts";

const PEOPLE = 120;
const GROUPS = 2;
/** Every third person was a developer before, and has to be one afterwards. */
export const STANDING = { level: 30, until: "2031-05-01" };

export type World = {
  readonly running: Running;
  readonly db: Db;
  readonly filled: Filled;
  readonly tokens: ReadonlyMap<string, string>;
  readonly clock: MovedClock;
  readonly random: () => number;
};

/** A company whose people have something from before, and may ask for more. */
export async function prepare(running: Running, db: Db, seed: number): Promise<World> {
  await post(`${running.sandboxUrl ?? ""}/_seed`, { people: PEOPLE, groups: GROUPS });
  // As when somebody signs in for the first time: the directory is read at once, not with the next round.
  await db.$executeRaw`SELECT pg_notify('daypass_change', '{"kind": "person.joined"}')`;
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

/** Who was a developer before. */
export function standing({ people }: Filled): Filled["people"] {
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

/** Of Daypass and of the providers. */
export async function moveClock({ db, running, clock }: World, minutes: number): Promise<void> {
  await post(`${running.sandboxUrl ?? ""}/_clock`, { advanceMs: minutes * 60_000 });
  await patiently(() => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`);
  await patiently(() => clock.note(db));
}
