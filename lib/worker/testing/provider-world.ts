import { ABSENT, sameSeen, type Seen } from "../../domain/binding.ts";
import { backstopDate } from "../../domain/duration.ts";
import type { Place } from "../../domain/entitlement.ts";
import {
  CouldNotTell,
  ProviderBusy,
  ProviderRefused,
  type AccessProvider,
  type Account,
  type Answer,
} from "../../providers/provider.ts";
import { HOLDERS, PLACES } from "./company.ts";
import type { Random } from "./random.ts";
import type { Turns } from "./turns.ts";

export type FaultKind = "refused" | "busy" | "down" | "lost-before" | "lost-after" | "not-done";
export type Connection = (typeof PLACES)[number]["connection"];

/** How far back a stale read may reach. */
export const LAG_MS = 30_000;

type Version = { readonly at: number; readonly seen: Seen };
type Spot = { readonly who: number; readonly place: number };

export function spotKey({ who, place }: Spot): string {
  return `${who} ${place}`;
}

/**
 * What is true at both providers, and how they answer. Reads may be stale: then they show what was true at any moment of
 * the last half minute, one read this and the next one that. A trust policy is one document: who writes it writes back
 * everybody's statements as read before.
 */
export class ProviderWorld {
  /** The providers' own clock. */
  ms: number;
  readonly #versions = new Map<string, Version[]>();
  readonly #faults = new Map<Connection, { kind: FaultKind; calls: number }>();
  readonly #staleUntil = new Map<Connection, number>();
  readonly #random: Random;

  constructor(ms: number, random: Random) {
    this.ms = ms;
    this.#random = random;
  }

  breakNext(connection: Connection, kind: FaultKind, calls: number): void {
    this.#faults.set(connection, { kind, calls });
  }

  lagFor(connection: Connection, ms: number): void {
    this.#staleUntil.set(connection, this.ms + ms);
  }

  mend(): void {
    this.#faults.clear();
    this.#staleUntil.clear();
  }

  /** What somebody had from of old. */
  found(spot: Spot, seen: Seen): void {
    this.#versions.set(spotKey(spot), [{ at: 0, seen }]);
  }

  /** Whether a look could still show what was there before. */
  mayLag({ who, place }: Spot): boolean {
    const connection = PLACES[place]?.connection;
    const changedAt = this.#versionsOf({ who, place }).at(-1)?.at ?? 0;
    return connection !== undefined && this.#staleUntil.has(connection) && changedAt > this.ms - LAG_MS;
  }

  truth(spot: Spot): Seen {
    return this.#versionsOf(spot).at(-1)?.seen ?? ABSENT;
  }

  set(spot: Spot, seen: Seen): void {
    if (!sameSeen(this.truth(spot), seen)) this.#versionsOf(spot).push({ at: this.ms, seen });
  }

  /** GitLab removes a membership when its date begins. Gives the places where that was now. */
  expire(): Spot[] {
    const today = new Date(this.ms).toISOString().slice(0, 10);
    return everySpot().filter((spot) => {
      const seen = this.truth(spot);
      const isOver = isGitlab(spot.place) && seen.state === "present" && seen.until !== null && seen.until <= today;
      if (isOver) this.set(spot, ABSENT);
      return isOver;
    });
  }

  /** The provider as a process of ours reaches it. */
  reachedBy(connection: Connection, turns: Turns): AccessProvider {
    const read = <T>(what: string, call: () => T, say: (result: T) => string) =>
      turns.pass(`${connection} ${what}`, async () => this.#answer(connection, call), say, { reads: true });
    const write = (what: string, call: () => void) =>
      turns.pass(
        `${connection} ${what}`,
        async () => this.#answer(connection, () => (call(), ANSWER), ANSWER),
        () => "answered",
        { reads: true, sends: true },
      );
    const change = async (account: Account, place: Place, seen: Seen) => {
      const spot = spotOf(account, place);
      const what = `${seen.state === "absent" ? "removes" : `gives ${sayStanding(seen)} to`} ${saySpot(spot)}`;
      if (place.kind !== "aws-iam-role") return write(what, () => this.set(spot, seen));
      const policy = await read(
        "reads the trust policy",
        () => this.#policy(spot.place),
        () => "the policy",
      );
      policy.set(spot.who, seen);
      return write(what, () => {
        for (const [who, statement] of policy) this.set({ who, place: spot.place }, statement);
      });
    };
    return {
      locate: () => Promise.resolve(null),
      observe: (account, place) => {
        const spot = spotOf(account, place);
        return read(`shows ${saySpot(spot)}`, () => this.#shown(connection, spot), sayStanding);
      },
      apply: (account, place, standing) => change(account, place, { state: "present", ...standing }),
      remove: (account, place) => change(account, place, ABSENT),
      backstop: (kind, end) =>
        connection === "gitlab" ? backstopDate(end) : kind === "aws-iam-role" ? end.toISOString() : null,
      removalLimit: ({ target }) => (connection === "gitlab" ? { key: target, perMinute: 58 } : null),
      rateLimit: () => null,
      describe: async ({ target }) => ({ exists: true, name: target, webUrl: null }),
      async *members() {},
      async *listAccounts() {},
      async *listGroups() {},
    };
  }

  #policy(place: number): Map<number, Seen> {
    return new Map([...HOLDERS.keys()].map((who) => [who, this.truth({ who, place })]));
  }

  #shown(connection: Connection, spot: Spot): Seen {
    if (!this.#isStale(connection)) return this.truth(spot);
    const versions = this.#versionsOf(spot);
    const recent = versions.filter((_, n) => (versions[n + 1]?.at ?? Infinity) > this.ms - LAG_MS);
    return recent.length > 0 ? this.#random.of(recent).seen : ABSENT;
  }

  #isStale(connection: Connection): boolean {
    return (this.#staleUntil.get(connection) ?? 0) > this.ms;
  }

  #answer<T>(connection: Connection, call: () => T, sends?: T): T {
    const fault = this.#takeFault(connection, sends !== undefined);
    if (fault === "refused") throw new ProviderRefused("403 no", 403);
    if (fault === "busy") throw new ProviderBusy("429 slow down", 5_000);
    if (fault === "down") throw new CouldNotTell("502");
    if (fault === "lost-before") throw new CouldNotTell("timed out");
    // A provider that takes what it does not do is bad enough; one that shows the past as well proves nothing ever.
    if (fault === "not-done" && sends !== undefined) {
      if (this.#isStale(connection)) throw new CouldNotTell("timed out");
      return sends;
    }
    const result = call();
    if (fault === "lost-after") throw new CouldNotTell("timed out, but it was done");
    return result;
  }

  #takeFault(connection: Connection, isWrite: boolean): FaultKind | null {
    const fault = this.#faults.get(connection);
    if (!fault || (fault.kind === "not-done" && !isWrite)) return null;
    fault.calls -= 1;
    if (fault.calls <= 0) this.#faults.delete(connection);
    return fault.kind;
  }

  #versionsOf(spot: Spot): Version[] {
    const key = spotKey(spot);
    const versions = this.#versions.get(key) ?? [{ at: 0, seen: ABSENT }];
    this.#versions.set(key, versions);
    return versions;
  }
}

const ANSWER: Answer = { status: 200, words: "done" };

const SPOTS: readonly Spot[] = [...HOLDERS.keys()].flatMap((who) =>
  [...PLACES.keys()].map((place) => ({ who, place })),
);

export function everySpot(): readonly Spot[] {
  return SPOTS;
}

export function isGitlab(place: number): boolean {
  return PLACES[place]?.connection === "gitlab";
}

export function saySpot({ who, place }: Spot): string {
  return `${HOLDERS[who]?.name ?? ""} at ${PLACES[place]?.target ?? ""}`;
}

export function sayStanding(seen: Seen): string {
  return seen.state === "absent" ? "nothing" : `${seen.level} until ${seen.until ?? "for ever"}`;
}

function spotOf(account: Account, place: Place): Spot {
  const who = HOLDERS.findIndex((holder) => holder.account === account.externalId);
  return { who, place: PLACES.findIndex(({ kind, target }) => kind === place.kind && target === place.target) };
}
