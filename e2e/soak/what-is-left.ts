import { setTimeout as pause } from "node:timers/promises";
import type { SandboxState } from "../daypass.ts";
import { patiently } from "./patiently.ts";
import type { Soaked } from "./soak.ts";
import { STANDING, moveClock, standing, type World } from "./world.ts";

const SETTLED_WITHIN_MS = 120_000;

/** All time is up: waits until every grant is over, or for as long as that may take. */
export async function endEverything(world: World): Promise<void> {
  await moveClock(world, 20);
  const until = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const open = await patiently(() => world.db.grant.count({ where: { closedAt: null } }));
    if (open === 0 || performance.now() > until) return;
    await pause(200);
  }
}

/** Compares what the providers show with what was there before. */
export async function whatIsLeft({ db, running, filled, clock }: World): Promise<Omit<Soaked, "troubles">> {
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
