import type { ChangeKind } from "./change.ts";

/** How things came out, each with the kinds of change that say so. */
const OUTCOMES = {
  approved: ["request.approved", "widening.approved"],
  denied: ["request.denied", "widening.denied"],
  undecided: ["request.expired", "widening.expired", "widening.overtaken"],
  withdrawn: ["request.withdrawn", "widening.withdrawn"],
  "in-place": ["grant.active", "binding.applied"],
  gone: ["grant.ended", "grant.revoked", "binding.removed", "binding.restored", "access.gone", "access.removed"],
  failed: ["grant.failed", "place.missing", "account.missing", "history.broken"],
  "by-hand": ["binding.drifted", "access.found"],
} as const satisfies Record<string, readonly ChangeKind[]>;

export type Outcome = keyof typeof OUTCOMES;

/** What each is called in a list of outcomes. */
export const OUTCOME_TITLES: Readonly<Record<Outcome, string>> = {
  approved: "Approved",
  denied: "Denied",
  undecided: "Not decided in time",
  withdrawn: "Withdrawn",
  "in-place": "Seen in place",
  gone: "Proved gone",
  failed: "Failed or not found",
  "by-hand": "Changed by hand",
};

export const OUTCOME_NAMES = Object.keys(OUTCOMES) as [Outcome, ...Outcome[]];

export function kindsOf(outcome: Outcome): readonly ChangeKind[] {
  return OUTCOMES[outcome];
}
