import { execFileSync } from "node:child_process";
import type { Db } from "../../lib/db/client.ts";
import type { Child } from "../../scripts/child.ts";
import type { Running } from "../../scripts/daypass-up.ts";

const FAULTS = [
  { kind: "status", status: 503, times: 4 },
  { kind: "status", status: 429, retryAfter: 1, times: 2 },
  { kind: "status", status: 403, times: 1, match: { method: "POST" } },
  { kind: "lost-before", times: 2 },
  { kind: "lost-after", times: 2 },
  { kind: "slow", ms: 400, times: 6 },
  { kind: "stale", reads: 3 },
  { kind: "html", times: 2 },
] as const;

/** What is done to Daypass while it works, and how often. */
export class Troubles {
  readonly counts = { workersKilled: 0, databaseRestarts: 0, faults: 0 };
  readonly #running: Running;
  readonly #random: () => number;
  readonly #workers: Child[];

  /** Takes the place of the one worker that runs with two that may be killed. */
  static async begin(running: Running, random: () => number): Promise<Troubles> {
    await running.children.find(({ name }) => name === "the worker")?.stop();
    return new Troubles(running, random);
  }

  private constructor(running: Running, random: () => number) {
    this.#running = running;
    this.#random = random;
    this.#workers = [running.startWorker(), running.startWorker()];
  }

  /** A worker dies between any two instructions, and another one is started in its place. */
  async killWorker(): Promise<void> {
    const which = Math.floor(this.#random() * this.#workers.length);
    const worker = this.#workers[which];
    const pid = worker?.pid();
    if (!worker || pid === undefined) return;
    killIfAlive(pid);
    await worker.stop();
    this.#workers[which] = this.#running.startWorker();
    this.counts.workersKilled += 1;
  }

  async killDatabase(db: Db): Promise<void> {
    const [backend] = await db.$queryRaw<[{ pid: number }]>`SELECT pg_backend_pid() AS pid`;
    process.kill(
      Number(execFileSync("ps", ["-o", "ppid=", "-p", String(backend.pid)], { encoding: "utf8" })),
      "SIGKILL",
    );
    this.counts.databaseRestarts += 1;
  }

  async breakProvider(): Promise<void> {
    const fault = FAULTS[Math.floor(this.#random() * FAULTS.length)];
    const provider = this.#random() < 0.5 ? "gitlab" : "aws";
    await this.#faults("POST", [{ provider, ...fault }]);
    this.counts.faults += 1;
  }

  /** Nothing is broken any more; both workers live. */
  async end(): Promise<void> {
    await this.#faults("DELETE", {});
  }

  async #faults(method: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.#running.sandboxUrl ?? ""}/_faults`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

/** It may have ended by itself a moment ago, as a worker does that starts while the database is away. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
