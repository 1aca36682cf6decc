import type { Deps } from "../deps.ts";
import { beat, freeLeasesOfDeadWorkers } from "../heartbeat.ts";
import { reconcileIfDue } from "../reconcile-binding.ts";
import { sweepAll } from "../sweep.ts";
import { sweepEverything } from "./sweep-everything.ts";
import { at } from "./company.ts";
import { gatedDb } from "./gated-db.ts";
import type { TaskName } from "./moves.ts";
import type { Connection } from "./provider-world.ts";
import type { Stage } from "./stage.ts";
import { Process } from "./turns.ts";

/** As the worker's main loop has it. */
export const SLOW_SWEEP = { olderThanMs: 5 * 60_000, most: 500 };
/** A worker does more than one thing at once, but not everything. */
const TASKS_MOST = 3;
const STEPS_MOST = 4_000;

/** Two workers of ours on one stage. */
export class Crew {
  readonly #stage: Stage;
  readonly #locks = new Map<string, Process>();
  readonly #workers = [new Process("A1"), new Process("B1")];
  #started = 1;
  #sweeps = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  worker(n: number): Process {
    return at(this.#workers, n);
  }

  /** Whether one of them has its turn at a shared document. */
  get isInTurn(): boolean {
    return this.#locks.size > 0;
  }

  /** Whoever keeps processes running starts another one in place of the dead. */
  async kill(n: number): Promise<void> {
    const { turns } = this.#stage;
    const dying = this.worker(n);
    await turns.kill(dying);
    turns.takeTold();
    this.#started += 1;
    this.#workers[n % this.#workers.length] = new Process(`${dying.name[0]}${this.#started}`);
    await this.#stage.judge(dying.name, ["is killed"]);
  }

  async start(process: Process, task: TaskName, pick: number): Promise<void> {
    const { turns, now } = this.#stage;
    if (turns.tasksOf(process) >= TASKS_MOST) return;
    const { bindings } = now.rows;
    if (task === "wake" && bindings.length === 0) return;
    const woken = bindings[pick % Math.max(1, bindings.length)];
    const deps = this.#depsOf(process);
    const work = {
      sweep: () => sweepEverything(deps),
      "sweep-all": () => sweepAll(deps, SLOW_SWEEP),
      wake: () => reconcileIfDue(woken?.id ?? "", deps),
      beat: async () => {
        await beat(deps.db, process.name);
        await freeLeasesOfDeadWorkers(deps.db);
      },
    }[task];
    this.#stage.tell(process.name, [`begins: ${task}${task === "wake" ? ` for ${woken?.target ?? ""}` : ""}`]);
    await turns.begin(process, task, work);
  }

  #depsOf(process: Process): Deps {
    const { database, turns, providers } = this.#stage;
    const db = gatedDb(database.db, process, turns, this.#locks);
    return {
      db,
      turns: db,
      workerId: process.name,
      providerNamed: (connection) => providers.reachedBy(connection as Connection, turns),
      pause: async (ms) => {
        providers.ms += ms;
      },
    };
  }

  /** An idle worker sweeps: sooner or later it would. */
  async steps(process: Process, pick: number, times: number): Promise<void> {
    const { turns, broken } = this.#stage;
    if (turns.tasksOf(process) === 0) await this.start(process, "sweep", 0);
    for (let n = 0; n < times && broken.length === 0; n += 1) {
      const task = await turns.step(process, pick + n);
      if (!task) return;
      await this.#stage.judgeTask(task);
    }
  }

  /** A write that was sent arrives before its time limit, so before time goes on. */
  async wait(seconds: number): Promise<void> {
    await this.#flush();
    this.#stage.providers.ms += seconds * 1_000;
    await this.#stage.judge("time", [`goes on by ${seconds} s`]);
  }

  async jump(seconds: number): Promise<void> {
    await this.#beatAll();
    await this.#flush();
    this.#stage.skewMs += seconds * 1_000;
    await this.#stage.judge("the database's clock", [`jumps by ${seconds} s`]);
  }

  async #flush(): Promise<void> {
    const { turns } = this.#stage;
    for (let task = await turns.stepSent(); task; task = await turns.stepSent()) await this.#stage.judgeTask(task);
  }

  /** Workers say all the time that they live, whatever else they do. */
  async #beatAll(): Promise<void> {
    for (const { name } of this.#workers) await beat(this.#stage.database.db, name);
  }

  async sweepAfter(seconds: number, task: TaskName = "sweep"): Promise<void> {
    await this.wait(seconds);
    const worker = this.worker((this.#sweeps += 1));
    await this.start(worker, "beat", 0);
    await this.drain();
    await this.start(worker, task, 0);
    await this.drain();
  }

  /** Everything that was begun comes to its end, the workers taking turns. */
  async drain(): Promise<void> {
    const stage = this.#stage;
    const limit = stage.steps + STEPS_MOST;
    for (let idle = 0, n = 0; idle < this.#workers.length && stage.broken.length === 0; n += 1) {
      const task = await stage.turns.step(this.worker(n), 0);
      idle = task ? 0 : idle + 1;
      if (task) await stage.judgeTask(task);
      if (stage.steps > limit) throw new Error("the workers do not come to rest");
    }
  }

  /** Nothing breaks them any more. */
  mend(): void {
    for (const worker of this.#workers) worker.breaks = null;
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) await this.#stage.turns.kill(worker);
  }
}
