import { setTimeout as pause } from "node:timers/promises";
import { listen } from "../lib/db/listen.ts";
import type { Company } from "./ask.ts";

/** Resolves with the time of each grant's change of this kind, in milliseconds on this process's clock. */
export async function watch(
  { running }: Company,
  kind: string,
  count: number,
): Promise<{ done: Promise<Map<string, number>> }> {
  const at = new Map<string, number>();
  let finish: (times: Map<string, number>) => void = () => undefined;
  const all = new Promise<Map<string, number>>((resolve) => (finish = resolve));
  const listener = await listen(running.databaseUrl, ["daypass_change"], (_channel, payload) => {
    const notice = JSON.parse(payload) as { kind: string; grantId: string | null };
    if (notice.kind !== kind || !notice.grantId) return;
    at.set(notice.grantId, performance.now());
    if (at.size === count) finish(at);
  });
  return { done: all.finally(() => void listener.close()) };
}

/** Moves the clock on until no grant is open. */
export async function endEverything({ db }: Company): Promise<void> {
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 24 * 60 * 60000`;
  for (;;) {
    const open = await db.grant.count({ where: { closedAt: null } });
    if (open === 0) return;
    await pause(100);
  }
}
