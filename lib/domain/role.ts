import {
  compareLevels,
  higherLevel,
  isLevelOf,
  isPlaceKind,
  isTargetOf,
  lowerLevel,
  samePlace,
  type Entitlement,
  type Level,
} from "./entitlement.ts";
import { LONGEST_MINUTES } from "./duration.ts";
import { allow, refuse, type Verdict } from "./refusals.ts";

/** What one version of a role says. Groups are ids of our `access_group` rows. */
export type RoleSpec = {
  readonly name: string;
  readonly summary: string;
  readonly ownerGroupId: string;
  readonly requesterGroupId: string;
  readonly approvalsNeeded: number;
  readonly maxMinutes: number;
  readonly decideWithinMinutes: number;
  readonly entitlements: readonly Entitlement[];
};

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const SLUG_MAX = 64;
export const NAME_MAX = 80;
export const SUMMARY_MAX = 300;
export const REASON_MAX = 1_000;
export const ENTITLEMENTS_MAX = 20;

type FieldVerdict = Verdict & { readonly field?: keyof RoleSpec };

export function judgeSlug(slug: string): Verdict {
  return SLUG.test(slug) && slug.length <= SLUG_MAX ? allow : refuse("slug-invalid");
}

export function judgeReason(reason: string): Verdict {
  if (reason.trim() === "") return refuse("reason-missing");
  return reason.length > REASON_MAX ? refuse("reason-too-long") : allow;
}

/** Whether the spec makes sense on its own; that its groups exist is checked where they are read. */
export function judgeRoleSpec(spec: RoleSpec): FieldVerdict {
  if (spec.name.trim() === "" || spec.name.length > NAME_MAX || spec.summary.length > SUMMARY_MAX)
    return { ...refuse("name-invalid"), field: "name" };
  if (!isWhole(spec.maxMinutes, 1, LONGEST_MINUTES)) return { ...refuse("max-minutes-invalid"), field: "maxMinutes" };
  if (!isWhole(spec.approvalsNeeded, 1, 5)) return { ...refuse("approvals-needed-invalid"), field: "approvalsNeeded" };
  if (!isWhole(spec.decideWithinMinutes, 1, LONGEST_MINUTES))
    return { ...refuse("decide-within-invalid"), field: "decideWithinMinutes" };
  return judgeEntitlements(spec.entitlements);
}

/**
 * What a live grant keeps of one place when the role now says `current`: never more than it has, never more than the
 * role gives. Lowering is for good: a later, wider version does not bring it back (rule 9).
 */
export function narrowed(held: Entitlement, current: readonly Entitlement[]): Level | null {
  const now = current.find((entitlement) => samePlace(entitlement, held));
  return now ? lowerLevel(held.kind, held.level, now.level) : null;
}

/** The places and levels that both versions give, each at the lower of the two levels. */
export function intersect(pinned: readonly Entitlement[], current: readonly Entitlement[]): Entitlement[] {
  return pinned.flatMap((held) => {
    const level = narrowed(held, current);
    return level ? [{ ...held, level }] : [];
  });
}

/** Versions from before case was ignored may name a place twice: then what they give is the higher level. */
export function onePerPlace(lines: readonly Entitlement[]): Entitlement[] {
  const kept: Entitlement[] = [];
  for (const line of lines) {
    const at = kept.findIndex((other) => samePlace(other, line));
    const same = kept[at];
    if (same) kept[at] = { ...same, level: higherLevel(same.kind, same.level, line.level) };
    else kept.push(line);
  }
  return kept;
}

export type EntitlementChange =
  | { readonly kind: "added" | "removed"; readonly entitlement: Entitlement }
  | { readonly kind: "raised" | "lowered"; readonly entitlement: Entitlement; readonly from: Level };

export function entitlementChanges(before: readonly Entitlement[], after: readonly Entitlement[]): EntitlementChange[] {
  const removed = before
    .filter((old) => !after.some((entitlement) => samePlace(entitlement, old)))
    .map((entitlement) => ({ kind: "removed", entitlement }) as const);
  const rest = after.flatMap((entitlement): EntitlementChange[] => {
    const old = before.find((other) => samePlace(other, entitlement));
    if (!old) return [{ kind: "added", entitlement }];
    const order = compareLevels(entitlement.kind, old.level, entitlement.level);
    if (order === 0) return [];
    return [{ kind: order < 0 ? "raised" : "lowered", entitlement, from: old.level }];
  });
  return [...removed, ...rest];
}

export function sameSpec(a: RoleSpec, b: RoleSpec): boolean {
  const { entitlements: before, ...restA } = a;
  const { entitlements: after, ...restB } = b;
  const fields = Object.keys(restA) as (keyof typeof restA)[];
  return fields.every((field) => restA[field] === restB[field]) && entitlementChanges(before, after).length === 0;
}

function judgeEntitlements(entitlements: readonly Entitlement[]): FieldVerdict {
  const field = "entitlements";
  if (entitlements.length === 0) return { ...refuse("entitlements-missing"), field };
  if (entitlements.length > ENTITLEMENTS_MAX || !entitlements.every(isKnown))
    return { ...refuse("entitlement-invalid"), field };
  const repeated = entitlements.some((a, i) => entitlements.some((b, j) => j < i && samePlace(a, b)));
  return repeated ? { ...refuse("entitlement-repeated"), field } : allow;
}

function isKnown({ kind, target, level }: Entitlement): boolean {
  return isPlaceKind(kind) && isTargetOf(kind, target) && isLevelOf(kind, level);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
