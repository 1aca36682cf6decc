import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { ROOT } from "./prepare.ts";

const STOP_WITHIN_MS = 15_000;
const RESTART_AFTER_MS = 1_000;

export type Child = { readonly name: string; readonly pid: () => number | undefined; stop(): Promise<void> };

/** Machine settings that every process needs, and nothing else of this environment: credentials are handed out by name. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "NODE_EXTRA_CA_CERTS", "HTTPS_PROXY", "NO_PROXY"];

/** Starts one of Daypass's processes on the pinned Node with exactly these variables, and again whenever it dies. */
export function startChild(name: string, args: readonly string[], variables: Readonly<Record<string, string>>): Child {
  const passed = PASSED_ON.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
  const env = { ...Object.fromEntries(passed), ...variables } as NodeJS.ProcessEnv;
  let stopping = false;
  let child: ChildProcess;

  const start = () => {
    // Its own process group: Ctrl-C reaches only the launcher, which stops everything in order.
    child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    child.once("exit", (code) => {
      if (stopping) return;
      console.error(`daypass: ${name} ended (${code ?? "killed"}); starting it again`);
      setTimeout(() => stopping || start(), RESTART_AFTER_MS);
    });
  };
  start();

  return {
    name,
    pid: () => child.pid,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}
