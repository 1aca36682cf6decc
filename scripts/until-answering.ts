import { setTimeout as pause } from "node:timers/promises";
import type { Child } from "./child.ts";

const WITHIN_MS = 60_000;
const AGAIN_AFTER_MS = 100;

/**
 * Waits until `url` answers well. @returns null then, or after a minute the last answer.
 * @throws when one of the processes that it depends on dies, or `signal` says so
 */
export async function untilAnswering(
  url: string,
  children: readonly Child[],
  signal: AbortSignal,
): Promise<string | null> {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    const answer = await fetch(url, { signal }).catch(() => null);
    if (answer?.ok) return null;
    signal.throwIfAborted();
    const dead = children.find((child) => child.deaths() > 0);
    if (dead) throw new Error(`${dead.name} ended while it started; its own words are above`);
    if (performance.now() > until)
      return answer ? `${answer.status} ${(await answer.text()).slice(0, 500)}` : "no answer";
    await pause(AGAIN_AFTER_MS);
  }
}
