import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What a process has resident, in whole MiB; empty when there is no such process. */
export async function residentMiB(pid: number | undefined): Promise<string> {
  const status = await readFile(`/proc/${pid ?? "self"}/status`, "utf8").catch(() => "");
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  return kilobytes ? (Number(kilobytes) / 1_024).toFixed(0) : "";
}

/** The most that a process had resident while something was under way, looked at every 50 ms. */
export async function peakWhile(pid: number | undefined, work: Promise<unknown>): Promise<string> {
  let isDone = false;
  let most = 0;
  const done = work.finally(() => (isDone = true));
  while (!isDone) {
    most = Math.max(most, Number(await residentMiB(pid)) || 0);
    await Promise.race([done, pause(50)]);
  }
  await done;
  return String(most);
}
