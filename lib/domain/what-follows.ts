import { providerTime, targetOf, wantedBy, type Drift, type Seen } from "./binding.ts";
import { compareLevels, providerOf, type Level, type Place } from "./entitlement.ts";
import { wantsAccess, type GrantState } from "./grant.ts";
import { levelWords } from "./words.ts";

/** One open grant's share in a place. */
export type Share = {
  readonly grantId: string;
  readonly level: Level | null;
  readonly state: GrantState;
  readonly startsAt: Date;
  readonly endsAt: Date;
};

/** One person's place, as far as this question needs it. */
export type SharedPlace = Place & {
  readonly baseline: Seen | null;
  readonly drift: Drift | null;
  readonly shares: readonly Share[];
};

/** What the worker will do at the provider. "Nothing" says why. */
export type Follows =
  | { readonly kind: "remove" }
  | { readonly kind: "change"; readonly from: Level; readonly to: Level }
  | { readonly kind: "nothing"; readonly because: "not-set-up" | "changed-by-hand" | "other-grant" | "had-before" };

/**
 * What follows at the provider when these grants (by id) come to want these levels: asked of the same rule as the worker
 * asks, so that overlapping grants and standing access count.
 */
export function whatFollows(place: SharedPlace, becomes: ReadonlyMap<string, Level | null>, now: Date): Follows {
  const shares = place.shares.map((share) => ({ ...share, level: levelAfter(share, becomes) }));
  const before = standing(place, place.shares, now);
  const after = standing(place, shares, now);
  if (before.state === "absent") return { kind: "nothing", because: "not-set-up" };
  if (place.drift === "removed-by-hand" || (place.drift && after.wanted))
    return { kind: "nothing", because: "changed-by-hand" };
  if (after.state === "absent") return { kind: "remove" };
  if (compareLevels(place.kind, after.level, before.level) !== 0)
    return { kind: "change", from: before.level, to: after.level };
  return { kind: "nothing", because: after.wanted === before.level ? "other-grant" : "had-before" };
}

function levelAfter({ grantId, level }: Share, becomes: ReadonlyMap<string, Level | null>): Level | null {
  const to = becomes.get(grantId);
  return to === undefined ? level : to;
}

function standing({ kind, baseline }: SharedPlace, shares: readonly Share[], now: Date) {
  const wanted = wantedBy(
    kind,
    shares.flatMap((share) =>
      share.level !== null && wantsAccess(share, now) ? [{ level: share.level, endsAt: share.endsAt }] : [],
    ),
  );
  // Only levels are compared here; when the access runs out at the provider makes no difference to them.
  const rest = { activating: false, intended: null, confirmed: null, backstop: null };
  const target = targetOf({ kind, wanted, baseline, providerNow: providerTime(kind, now), ...rest });
  return { ...target, wanted: wanted?.level ?? null };
}

/** "AWS: remove IAM user maya from group payments": what follows, as approvers read what is done. */
export function followsWords(follows: Follows, { kind, target }: Place, account: string | null): string {
  const who = account ?? "(no account)";
  const where = providerOf(kind) === "gitlab" ? "GitLab" : "AWS";
  switch (follows.kind) {
    case "remove":
      if (kind === "aws-iam-group") return `AWS: remove IAM user ${who} from group ${target}`;
      if (kind === "aws-iam-role") return `AWS: no longer let IAM user ${who} assume role ${target}`;
      return `GitLab: remove ${who} from ${target}`;
    case "change":
      return `${where}: change ${who} in ${target} from ${levelWords(follows.from)} to ${levelWords(follows.to)}`;
    case "nothing":
      return `${where}: nothing, ${BECAUSE[follows.because]}`;
  }
}

const BECAUSE = {
  "not-set-up": "it is not set up yet",
  "changed-by-hand": "somebody changed it by hand",
  "other-grant": "another grant still wants it",
  "had-before": "it was there before Daypass",
} as const;
