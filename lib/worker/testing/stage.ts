import { recordAt, forgetEnded, type Hands } from "./hands.ts";
import { ConnectionBroke } from "./gated-db.ts";
import { judgeStep } from "./judge-step.ts";
import type { History } from "./moves.ts";
import { ProviderWorld, everySpot, saySpot, sayStanding, spotKey } from "./provider-world.ts";
import { randomFrom } from "./random.ts";
import { saidBy } from "./said-by.ts";
import { spotsIn, type Rows } from "./rows.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import type { Broken, Snapshot } from "./step.ts";
import { Turns, type Task } from "./turns.ts";

const MORNING = Date.UTC(2026, 2, 2, 9);
const STEP_MS = 10;

/** The world of one history: rows, providers, hands and clocks. Everything is looked at after each step, and told. */
export class Stage {
  readonly broken: Broken[] = [];
  readonly story: string[] = [];
  readonly database: SimulatedDatabase;
  readonly turns = new Turns();
  readonly providers: ProviderWorld;
  readonly hands: Hands = new Map();
  steps = 0;
  /** How far the database's clock is from the providers'. */
  skewMs = 0;
  now!: Snapshot;
  readonly #leases = new Map<number, Map<string, number>>();
  readonly #expired = new Set<string>();

  constructor(database: SimulatedDatabase, seed: number) {
    this.database = database;
    this.providers = new ProviderWorld(MORNING, randomFrom(seed ^ 0x5eed));
  }

  async begin({ standing }: History): Promise<void> {
    for (const { who, place, level } of standing) {
      const seen = { state: "present", level, until: null } as const;
      this.providers.found({ who, place }, seen);
      recordAt(this.hands, spotKey({ who, place })).standings = [seen];
      this.tell("before Daypass", [`${saySpot({ who, place })} has ${sayStanding(seen)}`]);
    }
    this.now = this.#snapshot(await this.database.startOver(MORNING));
  }

  async judgeTask(task: Task): Promise<void> {
    const told = this.turns.takeTold();
    this.steps += 1;
    const before = this.now;
    const hasWritten = told.some(({ reads }) => !reads);
    await this.judge(
      task.process.name,
      told.map(({ words }) => words),
      task,
      hasWritten,
    );
    const leases = this.#leasesOf(task);
    for (const { id, fence, leasedBy } of this.now.rows.bindings) {
      const isNew = before.rows.bindings.find((binding) => binding.id === id)?.fence !== fence;
      if (isNew && leasedBy === task.process.name) leases.set(id, fence);
    }
  }

  /** Looks at everything after one step, and compares with before. */
  async judge(who: string, what: readonly string[], task: Task | null = null, hasWritten = true): Promise<void> {
    this.providers.ms += STEP_MS;
    const before = this.now;
    this.#expire();
    const rows = hasWritten
      ? await this.database.look(before.rows.head.seq, this.providers.ms + this.skewMs)
      : before.rows;
    const after = this.#snapshot(rows);
    const worker = task && { name: task.process.name, leases: this.#leasesOf(task) };
    this.tell(who, what.length > 0 ? what : ["begins a transaction"], hasWritten ? saidBy(before.rows, rows) : "");
    this.broken.push(...judgeStep({ before, after, worker, hands: this.hands, expired: this.#expired }));
    for (const { error } of this.turns.failures.splice(0)) this.broken.push(...unexpected(error));
    this.now = after;
    forgetEnded(this.hands, after.spots, this.providers);
  }

  tell(who: string, what: readonly string[], said = ""): void {
    this.story.push(`${who.padEnd(8)} ${what.join("; ")}${said && ` ⇒ ${said}`}`);
  }

  #leasesOf(task: Task): Map<string, number> {
    const leases = this.#leases.get(task.number) ?? new Map<string, number>();
    this.#leases.set(task.number, leases);
    return leases;
  }

  #expire(): void {
    for (const spot of this.providers.expire()) {
      this.#expired.add(spotKey(spot));
      const record = recordAt(this.hands, spotKey(spot));
      record.standings = [...record.standings, { state: "absent" }];
      this.tell("the provider", [`${saySpot(spot)} ran out`]);
    }
  }

  #snapshot(rows: Rows): Snapshot {
    const truth = new Map(everySpot().map((spot) => [spotKey(spot), this.providers.truth(spot)]));
    return { rows, spots: spotsIn(rows), truth };
  }
}

/** A round of a worker may fail by what was done to it, and by nothing else. */
function unexpected(error: unknown): Broken[] {
  if (error instanceof AggregateError) return error.errors.flatMap(unexpected);
  if (error instanceof ConnectionBroke) return [];
  return [{ promise: "nothing fails by itself", words: error instanceof Error ? `${error.stack}` : String(error) }];
}
