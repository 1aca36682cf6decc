import type { Db } from "../../db/client.ts";
import { CouldNotTell, ProviderBusy, type AccessProvider } from "../../providers/provider.ts";
import type { Seen } from "../../domain/binding.ts";

export type FaultKind = "lost-before" | "lost-after" | "busy" | "down" | "stale";

/** The worker process dies here. Nothing that it would have done afterwards happens. */
export class Killed extends Error {}

/** What goes wrong next. Counted in calls, so that the same history always fails at the same places. */
export class Trouble {
  #fault: { kind: FaultKind; calls: number } | null = null;
  #killAfter: number | null = null;
  #dead = false;

  breakNext(kind: FaultKind, calls: number): void {
    this.#fault = { kind, calls };
  }

  killAfter(calls: number): void {
    this.#killAfter = calls;
  }

  revive(): void {
    this.#dead = false;
    this.#killAfter = null;
  }

  clear(): void {
    this.#fault = null;
    this.revive();
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Called at every await of the worker: the database's and the providers'. */
  breathe(): void {
    if (this.#killAfter !== null && this.#killAfter-- <= 0) this.#dead = true;
    if (this.#dead) throw new Killed();
  }

  take(): FaultKind | null {
    if (!this.#fault) return null;
    const { kind } = this.#fault;
    this.#fault.calls -= 1;
    if (this.#fault.calls <= 0) this.#fault = null;
    return kind;
  }
}

/** The provider behind an unreliable network. */
export function faultyProvider(provider: AccessProvider, trouble: Trouble): AccessProvider {
  const seenBefore = new Map<string, Seen>();
  const write = async <T>(call: () => Promise<T>): Promise<T> => {
    trouble.breathe();
    const fault = trouble.take();
    if (fault === "busy") throw new ProviderBusy("throttled", 1_000);
    if (fault === "lost-before" || fault === "down") throw new CouldNotTell("no answer");
    const answer = await call();
    trouble.breathe();
    if (fault === "lost-after") throw new CouldNotTell("the reply was lost");
    return answer;
  };
  return {
    ...provider,
    backstop: provider.backstop.bind(provider),
    async observe(account, place) {
      trouble.breathe();
      const key = `${account.externalId} ${place.kind} ${place.target}`;
      const fault = trouble.take();
      if (fault === "busy") throw new ProviderBusy("throttled", 1_000);
      if (fault === "down" || fault === "lost-before") throw new CouldNotTell("no answer");
      const stale = seenBefore.get(key);
      if (fault === "stale" && stale) return stale;
      const seen = await provider.observe(account, place);
      seenBefore.set(key, seen);
      trouble.breathe();
      return seen;
    },
    apply: (account, place, standing) => write(() => provider.apply(account, place, standing)),
    remove: (account, place) => write(() => provider.remove(account, place)),
  };
}

/** The database as a process that can be killed between any two statements sees it. */
export function mortalDb(db: Db, trouble: Trouble): Db {
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name, receiver) {
        const value: unknown = Reflect.get(inner, name, name.toString().startsWith("$") ? inner : receiver);
        if (typeof value === "object" && value !== null) return wrap(value);
        if (typeof value !== "function") return value;
        if (name === "$transaction")
          return (run: (tx: object) => Promise<unknown>) => {
            trouble.breathe();
            return db.$transaction((tx) => run(wrap(tx)));
          };
        return (...args: unknown[]) => {
          trouble.breathe();
          return Reflect.apply(value, inner, args);
        };
      },
    });
  return wrap(db);
}
