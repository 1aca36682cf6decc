import { sameSeen, type Seen } from "../../domain/binding.ts";
import { everySpot, saySpot, sayStanding, spotKey } from "./provider-world.ts";
import { expectedOver, wantsNow } from "./expectation.ts";
import { recordAt, type Hands } from "./hands.ts";
import type { Broken, Snapshot } from "./step.ts";

/**
 * With the faults gone and everything at rest, every spot holds exactly what live grants want on top of what was there
 * before Daypass, and no more. What a hand moved the worker sees at the next look, so that it counts when everything
 * was looked at.
 */
export function judgeRest(snapshot: Snapshot, hands: Hands, when: string, isLookedAt: boolean): Broken[] {
  return everySpot().flatMap((spot) => {
    const seen = snapshot.truth.get(spotKey(spot));
    const overlooked = isLookedAt ? [] : recordAt(hands, spotKey(spot)).overlooked;
    const expected = [...expectedAt(snapshot, hands, spot), ...overlooked];
    if (!seen || expected.some((good) => sameSeen(good, seen))) return [];
    const words = `${when}, ${saySpot(spot)} has ${sayStanding(seen)}, not ${expected.map(sayStanding).join(" or ")}`;
    return [{ promise: "everything converges", words }];
  });
}

/** When all time is up, every grant has its last word. */
export function judgeClosed({ rows }: Snapshot): Broken[] {
  return rows.grants
    .filter((grant) => !grant.closed)
    .map(({ state }) => ({
      promise: "everything converges",
      words: `a grant is still ${state} after all time was up`,
    }));
}

type Spot = { readonly who: number; readonly place: number };

function expectedAt({ rows, spots }: Snapshot, hands: Hands, spot: Spot): Seen[] {
  const { standings, touched, removedFrom } = recordAt(hands, spotKey(spot));
  const live = (spots.get(spotKey(spot))?.claims ?? []).filter((claim) => wantsNow(claim, rows.now));
  const targets = standings.map((baseline) => expectedOver(baseline, live, spot.place, rows.now));
  if (live.length === 0) return targets;
  // Approved since a hand removed it: the hand holds for the others only.
  const since = removedFrom && live.filter((claim) => !removedFrom.has(claim.grantId));
  const without = since?.length ? standings.map((one) => expectedOver(one, since, spot.place, rows.now)) : [];
  return [...targets, ...without, ...touched];
}
