import { setTimeout as pause } from "node:timers/promises";
import { v7 as newId } from "uuid";
import type { Db } from "../../lib/db/client.ts";
import { patiently } from "./patiently.ts";
import { pick } from "./random.ts";
import type { Troubles } from "./troubles.ts";
import { moveClock, type World } from "./world.ts";

const STEP_MS = 1_000;
const ASKED_AT_ONCE = 10;
const STEP_WAITS_MS = 10_000;
const BEING_SET_UP = 15;

/** One step a second: people ask, owners approve, some give back early, a minute passes, something breaks. */
export async function live(
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
