import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { ROOT, environmentOf } from "./machine.ts";

const SOONEST_RESTART_MS = 1_000;
const LATEST_RESTART_MS = 30_000;
/** After living this long, a death is news and not the next of a row. */
const HEALTHY_AFTER_MS = 60_000;

export type Child = {
  readonly name: string;
  pid(): number | undefined;
  /** How often it ended by itself. */
  deaths(): number;
  stop(): Promise<void>;
};

/**
 * Starts one of Daypass's processes on the pinned Node with exactly these variables. One that dies is started again, later
 * each time; one that does not stop `stopWithinMs` after it was asked to is killed.
 */
export function startChild(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  { stopWithinMs = 15_000 }: { stopWithinMs?: number } = {},
): Child {
  let child: ChildProcess;
  let again: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;
  let restartAfterMs = SOONEST_RESTART_MS;

  const start = () => {
    const startedAt = performance.now();
    child = spawnNode(args, variables);
    child.once("exit", (code, signal) => {
      if (stopping) return;
      deaths += 1;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) restartAfterMs = SOONEST_RESTART_MS;
      console.error(
        `daypass: ${name} ended (${String(code ?? signal)}); starting it again in ${restartAfterMs / 1_000} s`,
      );
      again = setTimeout(start, restartAfterMs);
      restartAfterMs = Math.min(restartAfterMs * 2, LATEST_RESTART_MS);
    });
  };
  start();

  return {
    name,
    pid: () => child.pid,
    deaths: () => deaths,
    async stop() {
      stopping = true;
      clearTimeout(again);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
      await ended;
      clearTimeout(late);
    },
  };
}

function spawnNode(args: readonly string[], variables: Readonly<Record<string, string>>): ChildProcess {
  const preload = new URL("end-with-launcher.ts", import.meta.url).href;
  return spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--disable-warning=DEP0169", `--import=${preload}`, ...args],
    {
      cwd: ROOT,
      env: environmentOf(variables),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Its own process group: Ctrl-C reaches only the launcher, which stops everything in order.
      detached: true,
    },
  );
}
