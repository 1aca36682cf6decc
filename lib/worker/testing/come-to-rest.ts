import { SLOW_SWEEP, type Crew } from "./crew.ts";
import { judgeClosed, judgeRest } from "./judge-rest.ts";
import type { Stage } from "./stage.ts";

/** Until everything must be as it should be once the faults are gone: docs/reliability.md says where it comes from. */
const BOUND_SECONDS = 111;
/** When a worker that is dead is known to be: by its heartbeat, or when its last lease is over. */
const DEAD_KNOWN_AFTER = [9, 31];

/**
 * The faults stop. Within the bound everything is as it should be, and so it is when a grant that was to begin later has
 * begun, and when all time is up.
 */
export async function endHistory(stage: Stage, crew: Crew, looksAgain: boolean): Promise<void> {
  stage.providers.mend();
  crew.mend();
  stage.tell("the faults", ["stop"]);
  await crew.drain();
  await comeToRest(stage, crew, "when the faults had stopped", false);
  if (looksAgain) {
    await crew.sweepAfter(SLOW_SWEEP.olderThanMs / 1_000 + 1, "sweep-all");
    await comeToRest(stage, crew, "after the slow sweep", true);
  }
  const toBegin = stage.now.rows.grants.filter(({ state }) => state === "SCHEDULED").map(({ startsAt }) => startsAt);
  if (toBegin.length > 0 && stage.broken.length === 0) {
    await crew.wait(Math.max(1, Math.ceil((Math.min(...toBegin) - stage.now.rows.now) / 1_000)));
    await comeToRest(stage, crew, "when the next grant had begun", looksAgain);
  }
  if (stage.broken.length > 0) return;
  await crew.wait(3 * 24 * 3_600);
  await comeToRest(stage, crew, "when all time was up", true);
  if (stage.broken.length === 0) stage.broken.push(...judgeClosed(stage.now));
}

/** A worker sweeps every few seconds; here only when there is something to find. */
async function comeToRest(stage: Stage, crew: Crew, when: string, isLookedAt: boolean): Promise<void> {
  const began = stage.now.rows.now;
  const until = began + BOUND_SECONDS * 1_000;
  const deadKnown = DEAD_KNOWN_AFTER.map((seconds) => began + seconds * 1_000);
  await crew.sweepAfter(0);
  for (
    let next = nextDue(stage, deadKnown);
    next <= until && stage.broken.length === 0;
    next = nextDue(stage, deadKnown)
  )
    await crew.sweepAfter(Math.max(1, Math.ceil((next - stage.now.rows.now) / 1_000)));
  if (stage.broken.length === 0) stage.broken.push(...judgeRest(stage.now, stage.hands, when, isLookedAt));
}

function nextDue({ now: { rows } }: Stage, deadKnown: readonly number[]): number {
  const dues = rows.bindings.flatMap(({ dueAt, leasedBy }) => {
    if (leasedBy === null) return dueAt === null ? [] : [dueAt];
    return deadKnown.filter((at) => at > rows.now);
  });
  return Math.min(...dues);
}
