import { judgeMinutes } from "./duration.ts";
import { allow, refuse, type Verdict } from "./refusals.ts";

export type RequestState = "PENDING" | "APPROVED" | "DENIED" | "WITHDRAWN" | "EXPIRED";

export const JUSTIFICATION_MAX = 2_000;
export const TICKET_MAX = 200;
export const NOTE_MAX = 2_000;
/** How far ahead a start may be asked for. */
export const START_WITHIN_DAYS = 30;

export type SubmissionCase = {
  readonly maxMinutes: number;
  readonly approvalsNeeded: number;
  readonly requesterId: string;
  /** Active owners of the role's owner group, the requester possibly among them. */
  readonly ownerIds: readonly string[];
  /** Connections that the role reaches and where the requester has no account. */
  readonly connectionsWithoutAccount: readonly string[];
  readonly pendingForSameRole: boolean;
};

export type Submission = {
  readonly minutes: number;
  readonly justification: string;
  readonly ticket: string | null;
  readonly startsAt: Date | null;
};

/** A refusal and the field of the form that it belongs to. */
export type FieldVerdict = Verdict & { readonly field?: "minutes" | "justification" | "ticket" | "startsAt" };

/** Everything that is refused before anybody is bothered. The field says which input to look at, when one is at fault. */
export function judgeSubmission(role: SubmissionCase, asked: Submission, now: Date): FieldVerdict {
  const minutes = judgeMinutes(asked.minutes, role.maxMinutes);
  if (!minutes.allowed) return { ...minutes, field: "minutes" };
  if (asked.justification.trim() === "") return { ...refuse("justification-missing"), field: "justification" };
  if (asked.justification.length > JUSTIFICATION_MAX)
    return { ...refuse("justification-too-long"), field: "justification" };
  if ((asked.ticket ?? "").length > TICKET_MAX) return { ...refuse("ticket-too-long"), field: "ticket" };
  if (asked.startsAt && !isReasonableStart(asked.startsAt, now))
    return { ...refuse("start-invalid"), field: "startsAt" };
  if (role.pendingForSameRole) return refuse("duplicate-request");
  if (role.connectionsWithoutAccount.length > 0) return refuse("no-provider-account");
  const approvers = role.ownerIds.filter((id) => id !== role.requesterId);
  return approvers.length < role.approvalsNeeded ? refuse("no-approver") : allow;
}

export type ApprovalCase = {
  readonly state: RequestState;
  readonly decideBy: Date;
  readonly requesterId: string;
  /** Still active and still in the requester group. */
  readonly requesterMayAsk: boolean;
  readonly minutes: number;
  /** Active owners of the owner group of the version in force now. */
  readonly ownerIds: readonly string[];
  /** Approvers who have already decided. */
  readonly decidedBy: readonly string[];
};

/** Every check runs again at decision time: the requester, the policy and the clock may have moved since submission. */
export function judgeDecision(request: ApprovalCase, approverId: string, now: Date): Verdict {
  if (request.state !== "PENDING") return refuse("already-decided");
  if (now >= request.decideBy) return refuse("decision-overdue");
  if (approverId === request.requesterId) return refuse("own-request");
  if (!request.ownerIds.includes(approverId)) return refuse("not-an-approver");
  return request.decidedBy.includes(approverId) ? refuse("already-decided") : allow;
}

/** @param minutes what the approver allows; at most what was asked for. */
export function judgeApproval(request: ApprovalCase, approverId: string, minutes: number, now: Date): Verdict {
  const decision = judgeDecision(request, approverId, now);
  if (!decision.allowed) return decision;
  if (!request.requesterMayAsk) return refuse("requester-left");
  const length = judgeMinutes(minutes, request.minutes);
  if (length.allowed) return allow;
  return length.code === "minutes-too-long" ? refuse("minutes-lengthened") : length;
}

/**
 * The approvals that count now: of those who could still decide. Whoever was deactivated or is no owner any more has no say
 * in what is granted today, whatever they said before.
 */
export function approvalsThatCount<T extends { readonly approverId: string }>(
  approvals: readonly T[],
  { ownerIds }: Pick<ApprovalCase, "ownerIds">,
): readonly T[] {
  return approvals.filter(({ approverId }) => ownerIds.includes(approverId));
}

/** To anybody else the request does not exist. */
export function maySeeRequest(
  request: Pick<ApprovalCase, "requesterId" | "ownerIds">,
  who: { readonly personId: string; readonly isAdmin: boolean; readonly isAuditor: boolean },
): boolean {
  const { personId, isAdmin, isAuditor } = who;
  return isAdmin || isAuditor || personId === request.requesterId || request.ownerIds.includes(personId);
}

export function judgeWithdrawal(request: { state: RequestState; requesterId: string }, personId: string): Verdict {
  if (request.requesterId !== personId) return refuse("not-found");
  return request.state === "PENDING" ? allow : refuse("request-not-pending");
}

function isReasonableStart(startsAt: Date, now: Date): boolean {
  const ahead = startsAt.getTime() - now.getTime();
  return Number.isFinite(ahead) && ahead > -60_000 && ahead <= START_WITHIN_DAYS * 24 * 60 * 60_000;
}
