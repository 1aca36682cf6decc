import { ABSENT, sameSeen, type Seen } from "../../domain/binding.ts";
import { gives, wantsNow } from "./expectation.ts";
import { recordAt } from "./hands.ts";
import { everySpot, saySpot, sayStanding, spotKey } from "./provider-world.ts";
import type { Claim, GrantRow } from "./rows.ts";
import { movedGrants, type Broken, type Step } from "./step.ts";

/** Whatever a worker changes at a provider was on record before. */
export function* intentComesFirst({ before, after, worker, expired }: Step): Iterable<Broken> {
  if (!worker) return;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const seen = at(after.truth, key);
    if (sameSeen(at(before.truth, key), seen)) continue;
    const intended = before.spots.get(key)?.binding.intended;
    if (intended && sameSeen(intended, seen)) continue;
    if (expired.has(key) && seen.state === "absent") continue;
    const words = `${saySpot(spot)} became ${sayStanding(seen)}, on record was ${intended ? sayStanding(intended) : "nothing"}`;
    yield { promise: "the intent is stored before the call", words };
  }
}

/** What Daypass put somewhere has a row that owes its removal, and the sweep will find that row (rule 1). */
export function* nothingIsForgotten({ after, hands }: Step): Iterable<Broken> {
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const seen = at(after.truth, key);
    const { standings, touched } = recordAt(hands, key);
    if (isAmong(seen, [ABSENT, ...standings]) || touched.length > 0) continue;
    const { binding, claims = [] } = after.spots.get(key) ?? {};
    const open = claims.filter((claim) => !claim.closed);
    const isFound = binding !== undefined && (binding.dueAt !== null || binding.leasedBy !== null);
    if (binding?.intended && open.length > 0 && isFound) continue;
    const words = `${saySpot(spot)} has ${sayStanding(seen)}, which no row answers for`;
    yield { promise: "no access without a live grant", words };
  }
}

/** Every grant that is in force has at least its level wherever it was read back (rule 3). */
export function* overlapsAreKept(step: Step): Iterable<Broken> {
  const { after, hands, expired } = step;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    if (recordAt(hands, key).touched.length > 0 || expired.has(key)) continue;
    const seen = at(after.truth, key);
    for (const claim of after.spots.get(key)?.claims ?? []) {
      if (!claim.applied || claim.gone || !wantsNow(claim, after.rows.now)) continue;
      if (gives(seen, claim.level)) continue;
      const words = `${saySpot(spot)} has ${sayStanding(seen)}, though a grant gives ${claim.level ?? ""} there`;
      yield { promise: "overlaps are safe", words };
    }
  }
}

/** What a person had before is never lowered or taken (rule 4). */
export function* standingAccessIsKept({ after, hands, expired }: Step): Iterable<Broken> {
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const { standings, touched } = recordAt(hands, key);
    const seen = at(after.truth, key);
    const isKept = standings.some((one) => one.state === "absent" || gives(seen, one.level));
    if (isKept || touched.length > 0 || expired.has(key)) continue;
    const words = `${saySpot(spot)} has ${sayStanding(seen)}, before Daypass it was ${standings.map(sayStanding).join(" or ")}`;
    yield { promise: "standing access survives", words };
  }
}

/** What a hand took from grants comes back only for a grant that was approved since (rule 5). */
export function* handsAreRespected({ before, after, worker, hands }: Step): Iterable<Broken> {
  if (!worker) return;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const { removedFrom, removedAhead } = recordAt(hands, key);
    if (!removedFrom || at(before.truth, key).state === "present" || at(after.truth, key).state === "absent") continue;
    const live = (before.spots.get(key)?.claims ?? []).filter((claim) => wantsNow(claim, before.rows.now));
    if (live.length === 0 || live.some(({ grantId }) => !removedFrom.has(grantId) && !removedAhead.has(grantId)))
      continue;
    const words = `${saySpot(spot)} was taken away by hand and given again`;
    yield { promise: "what a hand removes stays removed", words };
  }
}

/** ACTIVE, ENDED and REVOKED are written when they are so (rule 2). */
export function* statesAreTrue(step: Step): Iterable<Broken> {
  for (const { was, grant } of movedGrants(step)) {
    const isOver = isLastWord(grant) && !isLastWord(was);
    const isActive = grant.state === "ACTIVE" && was?.state !== "ACTIVE";
    if (!isOver && !isActive) continue;
    for (const spot of everySpot()) {
      const { claims = [] } = step.after.spots.get(spotKey(spot)) ?? {};
      const own = claims.find((claim) => claim.grantId === grant.id);
      const lie = own && (isOver ? leftOver(step, spot, claims) : missing(step, spot, own));
      if (lie) yield { promise: "the status is true", words: `a grant is called ${grant.state}, but ${lie}` };
    }
  }
}

function isLastWord(grant: Pick<GrantRow, "state" | "closed"> | undefined): boolean {
  return grant !== undefined && (grant.closed || grant.state === "ENDED" || grant.state === "REVOKED");
}

function leftOver({ after, hands, expired }: Step, spot: Spot, claims: readonly Claim[]): string | null {
  const key = spotKey(spot);
  const { standings, touched } = recordAt(hands, key);
  // What another grant wants there is that one's affair.
  if (claims.some((claim) => !isLastWord(claim)) || expired.has(key)) return null;
  const seen = at(after.truth, key);
  return isAmong(seen, [...standings, ...touched]) ? null : `${saySpot(spot)} has ${sayStanding(seen)}`;
}

function missing({ after, hands, expired }: Step, spot: Spot, { level }: Claim): string | null {
  const key = spotKey(spot);
  if (level === null || recordAt(hands, key).touched.length > 0 || expired.has(key)) return null;
  const seen = at(after.truth, key);
  return gives(seen, level) ? null : `${saySpot(spot)} has ${sayStanding(seen)}, not ${level}`;
}

type Spot = { readonly who: number; readonly place: number };

function isAmong(seen: Seen, choices: readonly Seen[]): boolean {
  return choices.some((choice) => sameSeen(choice, seen));
}

function at(truth: ReadonlyMap<string, Seen>, key: string): Seen {
  return truth.get(key) ?? ABSENT;
}
