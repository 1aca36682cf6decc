import type { ChangeKind } from "./change.ts";

/** Kinds that make another version of a role the one in force. Their `after` is that version. */
export const ROLE_CHANGES = ["role.created", "role.published", "role.rolled-back", "role.widened"] as const;

/** Kinds that stand for several changes at once. */
export const ROLLBACKS = ["rollback.change", "rollback.point"] as const;

export function isRoleChange(kind: ChangeKind): boolean {
  return (ROLE_CHANGES as readonly ChangeKind[]).includes(kind);
}

export function isRollback(kind: ChangeKind): boolean {
  return (ROLLBACKS as readonly ChangeKind[]).includes(kind);
}

/** Why a change cannot be rolled back, and what to do instead; null when it can. */
export function whyNotUndoable(kind: ChangeKind): string | null {
  if (isRoleChange(kind) || isRollback(kind) || kind === "four-eyes.switched") return null;
  const [about = ""] = kind.split(".");
  return WHY_NOT[kind] ?? WHY_NOT_ABOUT[about] ?? "This only says what was seen or done; there is nothing to set back.";
}

const WHY_NOT: Partial<Record<ChangeKind, string>> = {
  "request.approved": "A decision stands. To take back what it gave, revoke the grant.",
  "request.denied": "A decision stands. Whoever was denied can ask again.",
  "grant.narrowed": "What a live grant lost stays lost. Its holder can ask again.",
  "person.deactivated": "A person who was deactivated does not come back by a rollback.",
  "person.reactivated": "The identity provider says who may come in. Deactivate the person to shut them out.",
  "person.roles-changed": "The identity provider and the host say who is admin or auditor.",
  "token.created": "A token is not taken back by a rollback. Revoke it in the settings.",
  "token.revoked": "A revoked token stays revoked. Make a new one.",
  "history.redacted": "What was redacted is gone for good: nobody has it any more.",
  "retention.changed": "Set the time anew in the settings. What was redacted since stays redacted.",
};

const WHY_NOT_ABOUT: Readonly<Record<string, string>> = {
  request: "A request is a fact. Whoever asked can withdraw it or ask again.",
  grant: "Access that ended does not come back. Access that is live is taken back by revoking the grant.",
  access: "What was decided about access behind no grant stands. Decide again on the page of the drift.",
  binding: "What was done at a provider follows from the grants. Revoke the grant, or look at the drift.",
  group: "Groups come from the directory. Change them there.",
  widening: "What was proposed or decided stands. Propose it anew, or roll back the version that came of it.",
};

/** How many entries of each kind there are after the point that everything is rolled back to. */
export type SincePoint = Readonly<Partial<Record<ChangeKind, number>>>;

/** What rolling everything back to a point leaves as it is, and why, one sentence each. */
export function whatStays(since: SincePoint): string[] {
  const of = (...kinds: ChangeKind[]) => kinds.reduce((sum, kind) => sum + (since[kind] ?? 0), 0);
  const lines: readonly (readonly [count: number, one: string, many: string])[] = [
    [
      of("request.approved", "request.denied"),
      "1 decision on a request stands. Access that it gave stays live as far as the role still gives it.",
      "decisions on requests stand. Access that they gave stays live as far as the roles still give it.",
    ],
    [
      of("grant.ended", "grant.revoked", "grant.failed"),
      "1 grant that ended since stays ended.",
      "grants that ended since stay ended.",
    ],
    [
      of("grant.narrowed"),
      "1 live grant was narrowed; what it lost stays lost.",
      "times a live grant was narrowed; what it lost stays lost.",
    ],
    [
      of("person.deactivated"),
      "1 person was deactivated since and stays so.",
      "people were deactivated since and stay so.",
    ],
    [
      of("history.redacted"),
      "Personal fields were redacted since; they are gone for good.",
      "times personal fields were redacted; they are gone for good.",
    ],
    [of("token.revoked"), "1 token was revoked since and stays so.", "tokens were revoked since and stay so."],
    [
      of("token.created"),
      "1 token was made since and stays valid; revoke it in the settings if it should not.",
      "tokens were made since and stay valid; revoke them in the settings if they should not.",
    ],
  ];
  return lines.flatMap(([count, one, many]) =>
    count === 0 ? [] : [count === 1 ? one : `${count.toLocaleString("en")} ${many}`],
  );
}
