import type { Deps } from "../deps.ts";
import { beat, freeLeasesOfDeadWorkers } from "../heartbeat.ts";
import { reconcileBinding } from "../reconcile-binding.ts";
import { sweepAll, sweepDue } from "../sweep.ts";
import { act } from "./act.ts";
import { at, PLACES } from "./company.ts";
import { ConnectionBroke, gatedDb } from "./gated-db.ts";
import { doubtHands, editByHand, forgetEnded, recordAt, type Hands } from "./hands.ts";
import { judgeClosed, judgeRest } from "./judge-rest.ts";
import { judgeStep } from "./judge-step.ts";
import type { Broken, Snapshot } from "./step.ts";
import type { History, Move, TaskName } from "./moves.ts";
import { ProviderWorld, everySpot, saySpot, sayStanding, spotKey, type Connection } from "./provider-world.ts";
import { randomFrom } from "./random.ts";
import { spotsIn, type Rows } from "./rows.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { Process, Turns, type Task } from "./turns.ts";

const MORNING = Date.UTC(2026, 2, 2, 9);
const STEP_MS = 10;
/** As the worker's main loop has it. */
const SLOW_SWEEP = { olderThanMs: 5 * 60_000, most: 500 };
/** A worker does more than one thing at once, but not everything. */
const TASKS_MOST = 3;
const STEPS_MOST = 4_000;
/** Until everything must be as it should be once the faults are gone: docs/reliability.md says where it comes from. */
const BOUND_SECONDS = 111;
/** When a worker that is dead is known to be: by its heartbeat, or when its last lease is over. */
const DEAD_KNOWN_AFTER = [9, 31];

export type Played = { readonly broken: readonly Broken[]; readonly steps: number; readonly story: readonly string[] };

/** Plays one history. It ends with the first broken promise, or with all time up and everything gone. */
export async function playHistory(history: History, database: SimulatedDatabase): Promise<Played> {
  const game = new Game(database, history.seed);
  try {
    await game.begin(history);
    for (const move of history.moves) {
      await game.play(move);
      if (game.broken.length > 0) break;
    }
    if (game.broken.length === 0) await game.end(history.seed % 3 === 0);
  } catch (error) {
    game.broken.push({
      promise: "nothing fails by itself",
      words: error instanceof Error ? `${error.stack}` : String(error),
    });
  }
  await game.stop();
  return game;
}

class Game implements Played {
  readonly broken: Broken[] = [];
  readonly story: string[] = [];
  steps = 0;
  readonly #database: SimulatedDatabase;
  readonly #turns = new Turns();
  readonly #providers: ProviderWorld;
  readonly #hands: Hands = new Map();
  readonly #locks = new Map<string, Process>();
  readonly #workers = [new Process("A1"), new Process("B1")];
  readonly #leases = new Map<number, Map<string, number>>();
  readonly #expired = new Set<string>();
  #started = 1;
  #sweeps = 0;
  #handsActed = false;
  /** How far the database's clock is from the providers'. */
  #skewMs = 0;
  #now!: Snapshot;

  constructor(database: SimulatedDatabase, seed: number) {
    this.#database = database;
    this.#providers = new ProviderWorld(MORNING, randomFrom(seed ^ 0x5eed));
  }

  async begin({ standing }: History): Promise<void> {
    for (const { who, place, level } of standing) {
      const seen = { state: "present", level, until: null } as const;
      this.#providers.found({ who, place }, seen);
      recordAt(this.#hands, spotKey({ who, place })).standings = [seen];
      this.#tell("before Daypass", [`${saySpot({ who, place })} has ${sayStanding(seen)}`]);
    }
    this.#now = this.#snapshot(await this.#database.startOver(MORNING));
  }

  async play(move: Move): Promise<void> {
    switch (move.kind) {
      case "fault":
        this.#providers.breakNext(move.connection, move.fault, move.calls);
        this.#tell("fault", [`${move.connection}: ${move.fault} for ${move.calls} calls`]);
        return;
      case "lag":
        this.#providers.lagFor(move.connection, move.seconds * 1_000);
        doubtHands(this.#hands, this.#providers);
        this.#tell("fault", [`${move.connection}: stale reads for ${move.seconds} s`]);
        return;
      case "break":
        this.#worker(move.worker).breaks = { calls: move.calls, after: move.after };
        this.#tell(this.#worker(move.worker).name, [`connection breaks at call ${move.calls}`]);
        return;
      case "kill":
        return this.#kill(move.worker);
      case "start":
        return this.#start(this.#worker(move.worker), move.task, move.pick);
      case "step":
        return this.#steps(this.#worker(move.worker), move.pick, move.times);
      case "wait":
        return this.#wait(move.seconds);
      case "jump":
        await this.#beatAll();
        await this.#flush();
        this.#skewMs += move.seconds * 1_000;
        return this.#judge("the database's clock", [`jumps by ${move.seconds} s`], null);
      case "hand": {
        const spot = this.#spotForHand(move);
        // AWS keeps the last writer of a policy without a word: a hand in the middle of our change is lost, and nothing helps.
        if (PLACES[spot.place]?.kind === "aws-iam-role" && this.#locks.size > 0) return;
        const after = editByHand(spot, move.edit, move.level, this.#handWorld());
        this.#handsActed ||= after !== null;
        if (after) await this.#judge("a hand", [`${saySpot(spot)} now has ${sayStanding(after)}`], null);
        return;
      }
      default: {
        const said = await act(move, this.#now.rows, this.#database.db);
        return this.#judge("people", [`${JSON.stringify(move)}: ${said}`], null);
      }
    }
  }

  /** The faults stop. Within the bound everything is as it should be, and so it is when all time is up. */
  async end(looksAgain: boolean): Promise<void> {
    this.#providers.mend();
    for (const worker of this.#workers) worker.breaks = null;
    this.#tell("the faults", ["stop"]);
    await this.#drain();
    await this.#comeToRest("when the faults had stopped", false);
    if (looksAgain || this.#handsActed) {
      await this.#sweepAfter(SLOW_SWEEP.olderThanMs / 1_000 + 1, "sweep-all");
      await this.#comeToRest("after the slow sweep", true);
    }
    if (this.broken.length > 0) return;
    await this.#wait(3 * 24 * 3_600);
    await this.#comeToRest("when all time was up", true);
    if (this.broken.length === 0) this.broken.push(...judgeClosed(this.#now));
  }

  /** A worker sweeps every few seconds; here only when there is something to find. */
  async #comeToRest(when: string, isLookedAt: boolean): Promise<void> {
    const until = this.#now.rows.now + BOUND_SECONDS * 1_000;
    const deadKnown = DEAD_KNOWN_AFTER.map((seconds) => this.#now.rows.now + seconds * 1_000);
    await this.#sweepAfter(0);
    for (
      let next = this.#nextDue(deadKnown);
      next <= until && this.broken.length === 0;
      next = this.#nextDue(deadKnown)
    )
      await this.#sweepAfter(Math.max(1, Math.ceil((next - this.#now.rows.now) / 1_000)));
    if (this.broken.length === 0) this.broken.push(...judgeRest(this.#now, this.#hands, when, isLookedAt));
  }

  #nextDue(deadKnown: readonly number[]): number {
    const { bindings, now } = this.#now.rows;
    const dues = bindings.flatMap(({ dueAt, leasedBy }) => {
      if (leasedBy === null) return dueAt === null ? [] : [dueAt];
      return deadKnown.filter((at) => at > now);
    });
    return Math.min(...dues);
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) await this.#turns.kill(worker);
  }

  /** Hands give where nothing is, and edit where something is. */
  #spotForHand({ who, place, edit }: Extract<Move, { kind: "hand" }>) {
    const given = everySpot().filter((spot) => this.#providers.truth(spot).state === "present");
    return edit === "add" || given.length === 0 ? { who, place } : at(given, who * PLACES.length + place);
  }

  #worker(n: number): Process {
    return at(this.#workers, n);
  }

  /** Whoever keeps processes running starts another one in place of the dead. */
  async #kill(n: number): Promise<void> {
    const dying = this.#worker(n);
    await this.#turns.kill(dying);
    this.#turns.takeTold();
    this.#started += 1;
    this.#workers[n % this.#workers.length] = new Process(`${dying.name[0]}${this.#started}`);
    await this.#judge(dying.name, ["is killed"], null);
  }

  async #start(process: Process, task: TaskName, pick: number): Promise<void> {
    if (this.#turns.tasksOf(process) >= TASKS_MOST) return;
    const { bindings } = this.#now.rows;
    if (task === "wake" && bindings.length === 0) return;
    const woken = bindings[pick % Math.max(1, bindings.length)];
    const deps = this.#depsOf(process);
    const work = {
      sweep: () => sweepDue(deps),
      "sweep-all": () => sweepAll(deps, SLOW_SWEEP),
      wake: () => reconcileBinding(woken?.id ?? "", deps),
      beat: async () => {
        await beat(deps.db, process.name);
        await freeLeasesOfDeadWorkers(deps.db);
      },
    }[task];
    this.#tell(process.name, [`begins: ${task}${task === "wake" ? ` for ${woken?.target ?? ""}` : ""}`]);
    await this.#turns.begin(process, task, work);
  }

  #depsOf(process: Process): Deps {
    return {
      db: gatedDb(this.#database.db, process, this.#turns, this.#locks),
      workerId: process.name,
      providerNamed: (connection) => this.#providers.reachedBy(connection as Connection, this.#turns),
      pause: async (ms) => {
        this.#providers.ms += ms;
      },
    };
  }

  /** An idle worker sweeps: sooner or later it would. */
  async #steps(process: Process, pick: number, times: number): Promise<void> {
    if (this.#turns.tasksOf(process) === 0) await this.#start(process, "sweep", 0);
    for (let n = 0; n < times && this.broken.length === 0; n += 1) {
      const task = await this.#turns.step(process, pick + n);
      if (!task) return;
      await this.#judgeTask(task);
    }
  }

  /** A write that was sent arrives before its time limit, so before time goes on. */
  async #wait(seconds: number): Promise<void> {
    await this.#flush();
    this.#providers.ms += seconds * 1_000;
    await this.#judge("time", [`goes on by ${seconds} s`], null);
  }

  async #flush(): Promise<void> {
    for (let task = await this.#turns.stepSent(); task; task = await this.#turns.stepSent())
      await this.#judgeTask(task);
  }

  /** Workers say all the time that they live, whatever else they do. */
  async #beatAll(): Promise<void> {
    for (const { name } of this.#workers) await beat(this.#database.db, name);
  }

  async #sweepAfter(seconds: number, task: TaskName = "sweep"): Promise<void> {
    await this.#wait(seconds);
    const worker = this.#worker((this.#sweeps += 1));
    await this.#start(worker, "beat", 0);
    await this.#drain();
    await this.#start(worker, task, 0);
    await this.#drain();
  }

  /** Everything that was begun comes to its end, the workers taking turns. */
  async #drain(): Promise<void> {
    const limit = this.steps + STEPS_MOST;
    for (let idle = 0, n = 0; idle < this.#workers.length && this.broken.length === 0; n += 1) {
      const task = await this.#turns.step(this.#worker(n), 0);
      idle = task ? 0 : idle + 1;
      if (task) await this.#judgeTask(task);
      if (this.steps > limit) throw new Error("the workers do not come to rest");
    }
  }

  async #judgeTask(task: Task): Promise<void> {
    const told = this.#turns.takeTold();
    this.steps += 1;
    const before = this.#now;
    const hasWritten = told.some(({ reads }) => !reads);
    await this.#judge(
      task.process.name,
      told.map(({ words }) => words),
      task,
      hasWritten,
    );
    const leases = this.#leasesOf(task);
    for (const { id, fence, leasedBy } of this.#now.rows.bindings) {
      const isNew = before.rows.bindings.find((binding) => binding.id === id)?.fence !== fence;
      if (isNew && leasedBy === task.process.name) leases.set(id, fence);
    }
  }

  #leasesOf(task: Task): Map<string, number> {
    const leases = this.#leases.get(task.number) ?? new Map<string, number>();
    this.#leases.set(task.number, leases);
    return leases;
  }

  /** Looks at everything after one step, and compares with before. */
  async #judge(who: string, what: readonly string[], task: Task | null, hasWritten = true): Promise<void> {
    this.#providers.ms += STEP_MS;
    const before = this.#now;
    this.#expire();
    const rows = hasWritten
      ? await this.#database.look(before.rows.head.seq, this.#providers.ms + this.#skewMs)
      : before.rows;
    const after = this.#snapshot(rows);
    const worker = task && { name: task.process.name, leases: this.#leasesOf(task) };
    this.#tell(who, what.length > 0 ? what : ["begins a transaction"], hasWritten ? saidBy(before.rows, rows) : "");
    this.broken.push(...judgeStep({ before, after, worker, hands: this.#hands, expired: this.#expired }));
    for (const { error } of this.#turns.failures.splice(0)) this.broken.push(...unexpected(error));
    this.#now = after;
    forgetEnded(this.#hands, after.spots, this.#providers);
  }

  #expire(): void {
    for (const spot of this.#providers.expire()) {
      this.#expired.add(spotKey(spot));
      const record = recordAt(this.#hands, spotKey(spot));
      record.standings = [...record.standings, { state: "absent" }];
      this.#tell("the provider", [`${saySpot(spot)} ran out`]);
    }
  }

  #snapshot(rows: Rows): Snapshot {
    const truth = new Map(everySpot().map((spot) => [spotKey(spot), this.#providers.truth(spot)]));
    return { rows, spots: spotsIn(rows), truth };
  }

  #handWorld() {
    return { providers: this.#providers, hands: this.#hands, spots: this.#now.spots, now: this.#now.rows.now };
  }

  #tell(who: string, what: readonly string[], said = ""): void {
    this.story.push(`${who.padEnd(8)} ${what.join("; ")}${said && ` ⇒ ${said}`}`);
  }
}

/** What the rows say now that they did not say before: the story, what is meant to be, and who may write. */
function saidBy(before: Rows, after: Rows): string {
  const story = after.changes.filter((change) => change.seq > before.head.seq).map(({ kind }) => kind);
  const places = after.bindings.flatMap((binding) => {
    const was = before.bindings.find(({ id }) => id === binding.id);
    const means = binding.intended && `means ${sayStanding(binding.intended)}`;
    const drift = binding.drift !== (was?.drift ?? null) && `drift ${binding.drift ?? "over"}`;
    const parts = [
      JSON.stringify(binding.intended) !== JSON.stringify(was?.intended ?? null) && (means ?? "means nothing"),
      drift,
    ];
    const said = parts.filter(Boolean).join(", ");
    return said ? [`${binding.target} ${said}`] : [];
  });
  return [...story, ...places].join("; ");
}

/** A round of a worker may fail by what was done to it, and by nothing else. */
function unexpected(error: unknown): Broken[] {
  if (error instanceof AggregateError) return error.errors.flatMap(unexpected);
  if (error instanceof ConnectionBroke) return [];
  return [{ promise: "nothing fails by itself", words: error instanceof Error ? `${error.stack}` : String(error) }];
}
