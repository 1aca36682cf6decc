import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** The process dies here. Nothing that it would have done afterwards happens. */
export class Killed extends Error {
  constructor() {
    super("killed");
    this.name = "Killed";
  }
}

/** One process of ours. A worker that is started again is another process with another name. */
export class Process {
  readonly name: string;
  dead = false;
  /** Its connection to the database breaks at the call after so many; `after` says whether that call still took effect. */
  breaks: { calls: number; after: boolean } | null = null;

  constructor(name: string) {
    this.name = name;
  }
}

/** One call that was made, in words. */
export type Told = { readonly words: string; readonly reads: boolean };

export type Task = { readonly number: number; readonly process: Process; readonly name: string };

type Waiting = {
  readonly task: Task;
  readonly what: string;
  readonly sends: boolean;
  readonly mayGo: () => boolean;
  readonly go: () => void;
  readonly die: () => void;
};

type Pass = {
  /** The call changes no row. */
  readonly reads?: boolean;
  /** A write on its way to a provider: nobody can hold it up for longer than the call's time limit. */
  readonly sends?: boolean;
  readonly mayGo?: () => boolean;
};

type Context = { readonly task: Task; readonly inside: boolean };

/** Longer than any single call in these tests; a call that takes longer waits for a lock that a waiting task holds. */
const STUCK_AFTER_MS = 20_000;

/**
 * Lets simulated processes go on one call at a time. Whatever they do to the database or a provider passes here and waits
 * until it is picked, so the order of everything is the order in which things are picked, and nothing else.
 */
export class Turns {
  /** What came of tasks that ended by an error. */
  readonly failures: { readonly task: Task; readonly error: unknown }[] = [];
  #told: Told[] = [];
  #waiting: Waiting[] = [];
  #running = 0;
  #tasks = 0;
  #open = new Map<number, Task>();
  #context = new AsyncLocalStorage<Context>();
  #atRest: (() => void) | null = null;

  /** Begins a task and lets it come to its first call. */
  async begin(process: Process, name: string, work: () => Promise<unknown>): Promise<void> {
    const task: Task = { number: (this.#tasks += 1), process, name };
    this.#open.set(task.number, task);
    void this.#context.run({ task, inside: false }, async () => {
      try {
        await work();
      } catch (error) {
        if (!process.dead) this.failures.push({ task, error });
      } finally {
        this.#open.delete(task.number);
      }
    });
    await this.#settle();
  }

  /** The calls since it was asked last. */
  takeTold(): readonly Told[] {
    return this.#told.splice(0);
  }

  tasksOf(process: Process): number {
    return [...this.#open.values()].filter((task) => task.process === process).length;
  }

  /** Waits to be picked, then makes the call. `say` puts its result into words. */
  async pass<T>(what: string, call: () => Promise<T>, say: (result: T) => string, pass: Pass = {}): Promise<T> {
    const context = this.#context.getStore();
    if (!context) return call();
    const { task, inside } = context;
    const { reads = false } = pass;
    if (task.process.dead) throw new Killed();
    // Whoever waits inside of a transaction leaves it open but does nothing meanwhile.
    if (inside) this.#leave();
    await new Promise<void>((go, fail) => {
      const die = () => {
        if (inside) this.#running += 1;
        fail(new Killed());
      };
      this.#waiting.push({
        task,
        what,
        sends: pass.sends ?? false,
        mayGo: pass.mayGo ?? (() => true),
        go: () => {
          this.#running += 1;
          go();
        },
        die,
      });
    });
    try {
      const result = await this.#context.run({ task, inside: true }, call);
      this.#told.push({ words: `${what}: ${say(result)}`, reads });
      return result;
    } catch (error) {
      this.#told.push({ words: `${what}: ${error instanceof Error ? error.message : String(error)}`, reads });
      throw error;
    } finally {
      if (!inside) this.#leave();
    }
  }

  /** Lets one of the calls go that this process waits with. Gives whose it was, or null when none may go. */
  async step(process: Process, pick: number): Promise<Task | null> {
    return this.#release(this.#readyFor(process), pick);
  }

  /** The same among all writes that are on their way to a provider, whoever sent them. */
  async stepSent(): Promise<Task | null> {
    return this.#release(
      this.#waiting.filter((waiting) => waiting.sends),
      0,
    );
  }

  async kill(process: Process): Promise<void> {
    process.dead = true;
    const dying = this.#waiting.filter((waiting) => waiting.task.process === process);
    this.#waiting = this.#waiting.filter((waiting) => waiting.task.process !== process);
    for (const waiting of dying) waiting.die();
    await this.#settle();
  }

  #readyFor(process: Process): Waiting[] {
    return this.#waiting.filter((waiting) => waiting.task.process === process && waiting.mayGo());
  }

  async #release(ready: readonly Waiting[], pick: number): Promise<Task | null> {
    const picked = ready[pick % ready.length];
    if (!picked) return null;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== picked);
    picked.go();
    await this.#settle();
    return picked.task;
  }

  #leave(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#atRest?.();
  }

  /** Until every process waits for its turn or has ended. */
  async #settle(): Promise<void> {
    do {
      if (this.#running > 0) await this.#untilNothingRuns();
      await nextTurn();
    } while (this.#running > 0);
  }

  async #untilNothingRuns(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#atRest = resolve;
      late = setTimeout(() => {
        const who = this.#waiting.map(({ task, what }) => `${task.process.name} before: ${what}`).join("; ");
        reject(new Error(`a call waits for a lock that is held over somebody's turn (${who})`));
      }, STUCK_AFTER_MS);
    });
    clearTimeout(late);
    this.#atRest = null;
  }
}
