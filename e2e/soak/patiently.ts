import { setTimeout as pause } from "node:timers/promises";

/** The database and the web process are away at times; whoever uses them tries again. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
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
