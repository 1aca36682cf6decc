import type { Level, Place, PlaceKind } from "../domain/entitlement.ts";
import type { Seen, Standing } from "../domain/binding.ts";

/** Who the person is at this provider. `externalId` never changes. GitLab: numeric user id as text; AWS: UserId of the IAM user. */
export type Account = { readonly externalId: string; readonly username: string };

/** The provider's own answer to one write, kept in the receipt. `words` is at most 2,000 characters, holds no secret and names nobody. */
export type Answer = { readonly status: number; readonly words: string };

/** A place, and the provider's own id of its target where that is known: a name can come to mean another target. */
export type Located = Place & { readonly targetId?: string | null };

/** What a target is at the provider now. `exists: false` only when the provider said so. */
export type TargetFacts = { readonly exists: boolean; readonly name: string; readonly webUrl: string | null };

/** One account as the directory lists it. `subject`: the identity provider's subject, where the provider knows it. */
export type DirectoryAccount = Account & {
  readonly subject: string | null;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
};

/** One group with everybody in it, inherited and shared members included, blocked accounts left out. */
export type DirectoryGroup = {
  readonly externalId: string;
  readonly path: string;
  readonly name: string;
  readonly members: readonly { readonly externalId: string; readonly isOwner: boolean }[];
};

/** One account's direct access at a place, as a listing shows it. `level` is null where it is none that Daypass knows. */
export type Member = { readonly account: Account; readonly level: Level | null; readonly until: string | null };

/** What is left of a provider's own rate limit, as its latest answer said. */
export type RateLimit = { readonly limit: number; readonly remaining: number; readonly resetsAfterMs: number };

/** At most `perMinute` removals in any minute for everything that has the same `key`. */
export type RemovalLimit = { readonly key: string; readonly perMinute: number };

/**
 * The port to the outside world. Every method may throw:
 * - {@link ProviderRefused}: the provider understood and said no; asking again changes nothing.
 * - {@link ProviderBusy}: throttled; ask again after `afterMs`.
 * - {@link CouldNotTell}: no answer, a 5xx, or an answer that makes no sense. Never means "gone".
 *
 * A write that returns is not proof: `observe` afterwards is.
 */
export interface AccessProvider {
  /** The provider's own id of the target, which it keeps whatever it is called; null where names never change. */
  locate(place: Place): Promise<string | null>;
  /** What the account holds directly at the place. */
  observe(account: Account, place: Located): Promise<Seen>;
  /** Makes the account's direct access exactly `standing`, adding or changing it. Idempotent. */
  apply(account: Account, place: Located, standing: Standing): Promise<Answer>;
  /** Takes the account's direct access away, there and nowhere else. Removing what is not there is an answer, not an error. */
  remove(account: Account, place: Located): Promise<Answer>;
  describe(place: Place): Promise<TargetFacts>;
  /**
   * Everybody with direct access at the place but Daypass itself, people whose accounts are blocked included. At an IAM
   * role that is everybody with a statement of Daypass's form; what others wrote there is none of our business.
   * Somebody who is not listed is not proved gone: `observe` is what tells.
   */
  members(place: Place): AsyncIterable<Member>;
  /** The provider's own expiry for access that ends at `end`, in the form of `Standing.until`; null where it has none. */
  backstop(kind: PlaceKind, end: Date): string | null;
  /** A limit on removals that the provider's answers say nothing of; null where there is none. */
  removalLimit(place: Place): RemovalLimit | null;
  /** Null while the provider has not told of a limit, and once what it told is over. */
  rateLimit(): RateLimit | null;
  listAccounts(): AsyncIterable<DirectoryAccount>;
  /** Groups that may own roles. Empty for providers without such groups. */
  listGroups(): AsyncIterable<DirectoryGroup>;
}

export class ProviderRefused extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.name = "ProviderRefused";
    this.status = status;
  }
}

/** Throttled. `onlyHere`: the limit is one of this place alone, and others need not wait for it. */
export class ProviderBusy extends Error {
  readonly afterMs: number;
  readonly onlyHere: boolean;
  constructor(message: string, afterMs: number, { onlyHere = false }: { onlyHere?: boolean } = {}) {
    super(message);
    this.name = "ProviderBusy";
    this.afterMs = afterMs;
    this.onlyHere = onlyHere;
  }
}

export class CouldNotTell extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "CouldNotTell";
  }
}

/**
 * The provider answered, but what is of our own making there is not as we made it: only a person can set it right.
 * `found` is what stands there, at most 2,000 characters.
 */
export class Unclear extends CouldNotTell {
  readonly found: string;
  constructor(message: string, found: string) {
    super(message);
    this.name = "Unclear";
    this.found = found.slice(0, 2_000);
  }
}

export type { Seen, Standing };
