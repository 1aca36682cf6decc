import { allow, refuse, type Verdict } from "./refusals.ts";
import { intersect, sameSpec, type RoleSpec } from "./role.ts";

/**
 * What waits for a second person: the wider version of a role, doing without the second person, or redacting what nobody
 * can bring back.
 */
export type WideningKind = "role" | "four-eyes" | "retention";

/** How the retention is and would be: days, or null for ever. */
export type ProposedRetention = { readonly before: number | null; readonly days: number };

/** "more of payments": what a proposal is about. `days` only for that of redacting. */
export function proposedWords(role: string | null, days: number | null): string {
  if (days !== null) return `redacting personal fields after ${days} days`;
  return role === null ? "widening without a second person" : `more of ${role}`;
}

/** Overtaken: the role moved on, or somebody proposed anew; what was proposed no longer fits. */
export type WideningState = "PENDING" | "APPROVED" | "DENIED" | "WITHDRAWN" | "EXPIRED" | "OVERTAKEN";

/** Long enough for a weekend. */
export const WIDENING_WAITS_MINUTES = 3 * 24 * 60;

/**
 * What of an edit takes effect at once: everything but what gives more. Who is in a group changes without Daypass, so
 * another group always counts as more people; name, summary and the time to decide give nobody anything.
 */
export function withoutWidening(current: RoleSpec, wanted: RoleSpec): RoleSpec {
  return {
    ...wanted,
    ownerGroupId: current.ownerGroupId,
    requesterGroupId: current.requesterGroupId,
    approvalsNeeded: Math.max(current.approvalsNeeded, wanted.approvalsNeeded),
    maxMinutes: Math.min(current.maxMinutes, wanted.maxMinutes),
    entitlements: intersect(current.entitlements, wanted.entitlements),
  };
}

/** A role that gives nothing: what is left of a role at a moment when it did not exist. */
export function givingNothing(spec: RoleSpec): RoleSpec {
  return { ...spec, entitlements: [] };
}

export function isWidening(current: RoleSpec, wanted: RoleSpec): boolean {
  return !sameSpec(withoutWidening(current, wanted), wanted);
}

export type WideningCase = {
  readonly state: WideningState;
  readonly decideBy: Date;
  readonly proposerId: string;
  /** Still active, and still somebody who may edit it. */
  readonly proposerMay: boolean;
  /** Active admins, and active owners of the owner group of the version in force now. */
  readonly deciderIds: readonly string[];
  /** The role is no longer at the version that it was proposed against. */
  readonly isStale: boolean;
};

/** Every check runs again at decision time: the proposer, the role and the clock may have moved since. */
export function judgeWideningDecision(widening: WideningCase, personId: string, now: Date): Verdict {
  if (widening.state === "OVERTAKEN") return refuse("widening-overtaken");
  if (widening.state !== "PENDING") return refuse("already-decided");
  if (now >= widening.decideBy) return refuse("decision-overdue");
  if (personId === widening.proposerId) return refuse("own-widening");
  return widening.deciderIds.includes(personId) ? allow : refuse("not-a-second-person");
}

export function judgeWideningApproval(widening: WideningCase, personId: string, now: Date): Verdict {
  const decision = judgeWideningDecision(widening, personId, now);
  if (!decision.allowed) return decision;
  if (widening.isStale) return refuse("widening-overtaken");
  return widening.proposerMay ? allow : refuse("proposer-left");
}

export function judgeWideningWithdrawal(
  widening: Pick<WideningCase, "state" | "proposerId">,
  personId: string,
): Verdict {
  if (widening.proposerId !== personId) return refuse("not-found");
  return widening.state === "PENDING" ? allow : refuse("already-decided");
}

/** To anybody else it does not exist. */
export function maySeeWidening(
  widening: Pick<WideningCase, "proposerId" | "deciderIds">,
  who: { readonly personId: string; readonly isAdmin: boolean; readonly isAuditor: boolean },
): boolean {
  const { personId, isAdmin, isAuditor } = who;
  return isAdmin || isAuditor || personId === widening.proposerId || widening.deciderIds.includes(personId);
}
