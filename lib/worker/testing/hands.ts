import { ABSENT, sameSeen, type Seen } from "../../domain/binding.ts";
import { everySpot, spotKey, type ProviderWorld } from "./provider-world.ts";
import type { HandEdit } from "./moves.ts";
import type { Level } from "../../domain/entitlement.ts";
import type { BindingRow, Claim, Spots } from "./rows.ts";

type Spot = { readonly who: number; readonly place: number };

/** What people did at the providers themselves, and what may therefore stand at one spot. */
export type HandRecord = {
  /** What the person may have had here before Daypass. More than one when a hand and Daypass acted in the same moment. */
  standings: readonly Seen[];
  /** What they may have had before the last hand gave or took something. */
  earlier: readonly Seen[];
  /** What hands left here while a grant was in force; it is respected until that is over. */
  touched: readonly Seen[];
  /** What hands left that the next look puts back, sooner or later. */
  overlooked: readonly Seen[];
  /** Set when a hand took away what grants had; the grants that had it. */
  removedFrom: ReadonlySet<string> | null;
  /** The grants that were approved before that to begin later. Empty when a look may not show what the hand did. */
  removedAhead: ReadonlySet<string>;
};

export type Hands = Map<string, HandRecord>;

export function recordAt(hands: Hands, key: string): HandRecord {
  const record = hands.get(key) ?? untouched(ABSENT);
  hands.set(key, record);
  return record;
}

function untouched(standing: Seen): HandRecord {
  const nobody: ReadonlySet<string> = new Set();
  return { standings: [standing], earlier: [], touched: [], overlooked: [], removedFrom: null, removedAhead: nobody };
}

export type HandWorld = {
  readonly providers: ProviderWorld;
  readonly hands: Hands;
  readonly spots: Spots;
  /** Of the database. */
  readonly now: number;
};

/** Somebody edits access at the provider. Gives what it is afterwards, or null when there was nothing to do. */
export function editByHand(
  spot: Spot,
  edit: HandEdit,
  level: Level,
  { providers, hands, spots, now }: HandWorld,
): Seen | null {
  const before = providers.truth(spot);
  const after = edited(before, edit, level, spot.place);
  if (!after || sameSeen(before, after)) return null;
  providers.set(spot, after);
  const { binding, claims = [] } = spots.get(spotKey(spot)) ?? {};
  // A look that is older than its lease is no excuse: whoever comes back with one has lost the right to act on it.
  const isLookedAt = binding !== undefined && binding.leasedBy !== null && (binding.leasedUntil ?? 0) > now;
  note(recordAt(hands, spotKey(spot)), {
    before,
    after,
    edit,
    binding,
    claims,
    isLookedAt,
    mayLag: providers.mayLag(spot),
  });
  return after;
}

function edited(before: Seen, edit: HandEdit, level: Level, place: number): Seen | null {
  const given = place < 2 ? level : place === 2 ? "member" : "assume";
  if (edit === "add") return before.state === "absent" ? { state: "present", level: given, until: null } : null;
  if (before.state === "absent") return null;
  if (edit === "remove") return ABSENT;
  if (edit === "change") return place < 2 ? { ...before, level } : null;
  return before.until === null ? null : { ...before, until: place < 2 ? "2099-01-01" : "2099-01-01T00:00:00.000Z" };
}

type Edited = {
  readonly before: Seen;
  readonly after: Seen;
  readonly edit: HandEdit;
  readonly binding: BindingRow | undefined;
  readonly claims: readonly Claim[];
  readonly isLookedAt: boolean;
  readonly mayLag: boolean;
};

function note(record: HandRecord, { before, after, edit, binding, claims, isLookedAt, mayLag }: Edited): void {
  const isOurs = (binding?.intended ?? null) !== null;
  if (!isOurs && !isLookedAt) {
    record.earlier = record.standings;
    record.standings = [after];
    if (mayLag) doubt(record, after);
    return;
  }
  // What is done while a worker looks may come before its look or after.
  if (!isOurs || isLookedAt) record.standings = [...record.standings, after];
  // Where a hand is respected already an expiry that is moved stays too, as one does that was moved before.
  const isRespected = record.touched.some((known) => sameSeen(known, before));
  if (edit === "extend" && isOurs && !isLookedAt && !isRespected) {
    record.overlooked = [...record.overlooked, after];
    return;
  }
  record.touched = [...record.touched, after];
  record.removedAhead = new Set();
  if (after.state === "present") return;
  record.standings = [...record.standings, ABSENT];
  const isSettled =
    binding?.confirmed && binding.intended && sameSeen(binding.confirmed, binding.intended) && !isLookedAt;
  if (!isSettled) return;
  const idsOf = (some: readonly Claim[]) => new Set(some.map((claim) => claim.grantId));
  record.removedFrom = idsOf(claims.filter((claim) => claim.applied));
  // A removal that is on record already is not noted again: what was approved since then may begin.
  if (mayLag || binding.drift === "removed-by-hand") return;
  record.removedAhead = idsOf(claims.filter((claim) => claim.isLater && !claim.applied));
}

/** Looks may show the past from now on: also what was there before a hand that acted just now. */
export function doubtHands(hands: Hands, providers: ProviderWorld): void {
  for (const spot of everySpot()) {
    const record = recordAt(hands, spotKey(spot));
    if (!providers.mayLag(spot)) continue;
    record.removedAhead = new Set();
    if (record.earlier.length > 0) doubt(record, providers.truth(spot));
  }
}

function doubt(record: HandRecord, now: Seen): void {
  record.standings = [...record.standings, ...record.earlier];
  record.touched = [...record.touched, now];
}

/** With nothing of ours left, what stands is the person's own. */
export function forgetEnded(hands: Hands, spots: Spots, providers: ProviderWorld): void {
  for (const spot of everySpot()) {
    const record = recordAt(hands, spotKey(spot));
    const binding = spots.get(spotKey(spot))?.binding;
    if (!binding || binding.intended !== null || binding.leasedBy !== null || providers.mayLag(spot)) continue;
    const standing = providers.truth(spot);
    if (record.standings.length + record.touched.length === 1) continue;
    if (!record.standings.some((known) => sameSeen(known, standing))) continue;
    hands.set(spotKey(spot), untouched(standing));
  }
}
