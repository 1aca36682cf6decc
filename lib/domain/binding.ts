import { compareLevels, higherLevel, providerOf, type Level, type PlaceKind } from "./entitlement.ts";

/**
 * Access as it stands at a provider. `until` is the provider's own expiry in its own form (GitLab: "YYYY-MM-DD"; AWS:
 * ISO 8601 with milliseconds and Z); null means that the provider will not end it by itself.
 */
export type Standing = { readonly level: Level; readonly until: string | null };

/** What a look at the provider showed. "Could not tell" is not one of them: it is an error. */
export type Seen = { readonly state: "absent" } | ({ readonly state: "present" } & Standing);

/** `now` in the form of `Standing.until` at this kind of place. */
export function providerTime(kind: PlaceKind, now: Date): string {
  return providerOf(kind) === "gitlab" ? now.toISOString().slice(0, 10) : now.toISOString();
}

export const ABSENT: Seen = { state: "absent" };

/** What live grants want at a binding: the highest level, until the latest end. Null when none wants anything. */
export type Wanted = { readonly level: Level; readonly endsAt: Date } | null;

export function wantedBy(kind: PlaceKind, grants: readonly NonNullable<Wanted>[]): Wanted {
  return grants.reduce<Wanted>(
    (wanted, grant) =>
      wanted
        ? {
            level: higherLevel(kind, wanted.level, grant.level),
            endsAt: grant.endsAt > wanted.endsAt ? grant.endsAt : wanted.endsAt,
          }
        : { level: grant.level, endsAt: grant.endsAt },
    null,
  );
}

/** Everything that the next step depends on. */
export type BindingCase = {
  readonly kind: PlaceKind;
  readonly wanted: Wanted;
  /** The provider's own expiry for `wanted.endsAt`. */
  readonly backstop: string | null;
  /** Some grant that wants this binding has not been seen in place yet. */
  readonly activating: boolean;
  /** What was here before us; null when it was not recorded, which also means that we never wrote here. */
  readonly baseline: Seen | null;
  /** What we last meant to be here; null when we never wrote. */
  readonly intended: Seen | null;
  /** What we last read back after our own write. */
  readonly confirmed: Seen | null;
  readonly seen: Seen;
  /** What the last settled look showed; null before the first. */
  readonly lastSeen: Seen | null;
  /** The provider answered our write in this very look, and `seen` was read after it. */
  readonly answered: boolean;
  /** We wrote so recently that a look may still show what was before it. */
  readonly lags: boolean;
  /** Today at the provider, in the form of `Standing.until`: what has passed it was ended by the provider, not by a hand. */
  readonly providerNow: string;
};

export type Drift = "removed-by-hand" | "lowered-by-hand" | "raised-by-hand" | "extended-by-hand" | "shortened-by-hand";

export type Step =
  /** Nothing to write: what is seen is what is wanted. `drift` when a hand is why. */
  | { readonly kind: "settle"; readonly drift: Drift | null }
  /** Nothing can be told from what is seen: look again when the provider shows our last write. */
  | { readonly kind: "wait" }
  | { readonly kind: "apply"; readonly standing: Standing; readonly restores: boolean; readonly drift: Drift | null }
  | { readonly kind: "remove"; readonly drift: Drift | null };

/** What should be at the provider: what grants want on top of the baseline, or the baseline alone. */
export function targetOf(binding: Omit<BindingCase, "seen" | "lastSeen" | "answered" | "lags">): Seen {
  const before = baselineNow(binding);
  if (!binding.wanted) return before;
  const ours: Standing = { level: binding.wanted.level, until: binding.backstop };
  if (before.state === "absent") return { state: "present", ...ours };
  if (compareLevels(binding.kind, before.level, ours.level) < 0) return { state: "present", ...ours };
  // Standing access that already gives enough is never lowered, and its own expiry only ever moves later.
  return { state: "present", level: before.level, until: laterUntil(before.until, ours.until) };
}

/**
 * The one step that brings what is seen closer to what is wanted. Pure: the worker looks, asks, takes the step and looks
 * again. Rules 1, 3, 4 and 5 of the design are decided here and nowhere else.
 */
export function nextStep(binding: BindingCase): Step {
  const target = targetOf({ ...binding, baseline: standingBaseline(binding) });
  const drift = driftOf(binding);

  if (isOld(binding) && (binding.wanted || neverWrote(binding))) return { kind: "wait" };
  if (sameSeen(binding.seen, target) && isOurLastWord(binding, target)) return { kind: "settle", drift: null };
  if (isHandToRespect(binding, drift)) return { kind: "settle", drift };
  if (target.state === "absent")
    return neverWrote(binding) ? { kind: "settle", drift: null } : { kind: "remove", drift };
  if (!binding.wanted && neverWrote(binding)) return { kind: "settle", drift: null };
  return {
    kind: "apply",
    standing: { level: target.level, until: target.until },
    restores: binding.wanted === null,
    drift,
  };
}

/** Whoever removes access by hand removes the standing access under it too: it is not brought back. */
export function standingBaseline(binding: BindingCase): Seen | null {
  return driftOf(binding) === "removed-by-hand" ? ABSENT : binding.baseline;
}

/** A standing access that would have run out by now is not brought back. */
function baselineNow(binding: Pick<BindingCase, "baseline" | "providerNow">): Seen {
  const { baseline } = binding;
  if (!baseline || baseline.state === "absent") return ABSENT;
  return baseline.until !== null && baseline.until <= binding.providerNow ? ABSENT : baseline;
}

/**
 * A look that shows what is wanted proves it only when our last write said the same, and arrived. Providers are eventually
 * consistent: right after an addition a look may still show what was before it, and that must not pass for its removal.
 */
function isOurLastWord(binding: BindingCase, target: Seen): boolean {
  return binding.intended === null || (sameSeen(binding.intended, target) && !mayBeLost(binding));
}

/** Our last write got no answer, and what is seen may be older than it: only another write with an answer proves anything. */
function mayBeLost({ lags, answered, intended, confirmed }: BindingCase): boolean {
  return lags && !answered && intended !== null && !(confirmed && sameSeen(confirmed, intended));
}

/**
 * What is seen is neither what we last wrote nor, with nothing of ours here, what was here since: a hand, or a look that
 * shows what was before. Which of the two, only time tells; a removal need not wait for it.
 */
function isOld(binding: BindingCase): boolean {
  const { lags, answered, seen, intended, lastSeen } = binding;
  if (!lags || answered || mayBeLost(binding)) return false;
  const expected = intended ?? lastSeen;
  return expected !== null && !sameSeen(seen, expected);
}

function neverWrote(binding: BindingCase): boolean {
  return binding.intended === null;
}

/**
 * What a person took away stays away, and what a person gave on top is shown, not taken (rule 5), until a grant that was
 * approved since asks again or the last grant ends. Access that the provider's own expiry took is not a hand: the
 * baseline under it is put back. An expiry moved by hand is not a hand to respect: holders can extend their own.
 */
function isHandToRespect(binding: BindingCase, drift: Drift | null): boolean {
  if (binding.activating) return false;
  if (drift === "removed-by-hand") return true;
  return binding.wanted !== null && (drift === "lowered-by-hand" || drift === "raised-by-hand");
}

/** How seen differs from what we last confirmed, when no write of ours explains it. */
export function driftOf(binding: BindingCase): Drift | null {
  const { confirmed, intended, seen, kind } = binding;
  if (isOld(binding)) return null;
  if (!confirmed || confirmed.state === "absent" || !intended || !sameSeen(confirmed, intended)) return null;
  if (sameSeen(seen, confirmed)) return null;
  if (seen.state === "absent") {
    const ranOut = confirmed.until !== null && confirmed.until <= binding.providerNow;
    return ranOut ? null : "removed-by-hand";
  }
  const levels = compareLevels(kind, seen.level, confirmed.level);
  if (levels < 0) return "lowered-by-hand";
  if (levels > 0) return "raised-by-hand";
  return laterUntil(seen.until, confirmed.until) === seen.until ? "extended-by-hand" : "shortened-by-hand";
}

export function sameSeen(a: Seen, b: Seen): boolean {
  if (a.state === "absent" || b.state === "absent") return a.state === b.state;
  return a.level === b.level && a.until === b.until;
}

function laterUntil(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}
