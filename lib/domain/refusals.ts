/** Every rule that can say no, by its code. The words for people live in one table in `lib/web/refusal-words.ts`. */
export type RefusalCode =
  | "access-being-removed"
  | "access-gone"
  | "already-decided"
  | "already-extended"
  | "approvals-needed-invalid"
  | "change-not-undoable"
  | "conflict-undecided"
  | "decide-within-invalid"
  | "decision-overdue"
  | "duplicate-request"
  | "entitlement-invalid"
  | "entitlement-repeated"
  | "entitlements-missing"
  | "four-eyes-unchanged"
  | "grant-not-active"
  | "grant-not-live"
  | "group-unknown"
  | "idempotency-key-reused"
  | "justification-missing"
  | "justification-too-long"
  | "keep-until-invalid"
  | "max-minutes-invalid"
  | "minutes-invalid"
  | "minutes-lengthened"
  | "minutes-too-long"
  | "name-invalid"
  | "no-approver"
  | "no-provider-account"
  | "no-second-person"
  | "not-a-second-person"
  | "not-allowed"
  | "not-an-approver"
  | "not-found"
  | "note-too-long"
  | "nothing-to-roll-back"
  | "own-request"
  | "own-widening"
  | "person-deactivated"
  | "person-unknown"
  | "place-spelled-otherwise"
  | "point-unknown"
  | "preview-stale"
  | "proposer-left"
  | "quarter-unknown"
  | "range-empty"
  | "reason-missing"
  | "reason-too-long"
  | "request-not-pending"
  | "requester-left"
  | "retention-days-invalid"
  | "retention-unchanged"
  | "role-changed"
  | "role-empty"
  | "role-unchanged"
  | "role-unknown"
  | "role-version-stale"
  | "role-version-unknown"
  | "scope-unknown"
  | "slug-invalid"
  | "slug-taken"
  | "start-invalid"
  | "ticket-too-long"
  | "token-days-invalid"
  | "token-name-invalid"
  | "widening-overtaken";

export type Verdict = { allowed: true } | { allowed: false; code: RefusalCode };

export const allow: Verdict = { allowed: true };

export function refuse(code: RefusalCode): Verdict {
  return { allowed: false, code };
}

/** A rule said no. Nothing was changed. */
export class Refused extends Error {
  readonly code: RefusalCode;
  /** The input field that the words belong beside, when there is one. */
  readonly field: string | undefined;
  /** What the words end with, where the rule names something that would be allowed. */
  readonly instead: string | undefined;

  constructor(code: RefusalCode, field?: string, instead?: string) {
    super(code);
    this.name = "Refused";
    this.code = code;
    this.field = field;
    this.instead = instead;
  }
}

/** Someone else was first; what was judged is no longer so. Look again. */
export class Conflict extends Error {
  constructor(what: string) {
    super(what);
    this.name = "Conflict";
  }
}

export function orRefuse(verdict: Verdict, field?: string): void {
  if (!verdict.allowed) throw new Refused(verdict.code, field);
}
