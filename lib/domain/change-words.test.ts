import { describe, expect, test } from "vitest";
import type { Change, ChangeKind } from "./change.ts";
import { CHANGE_TITLES, changeWords, isChangeKind } from "./change-words.ts";

const MAYA = { kind: "person", id: "maya", name: "Maya", via: "web" } as const;
const OMAR = { kind: "person", id: "omar", name: "Omar", via: "web" } as const;
const DAYPASS = { kind: "system", id: null, name: "Daypass", via: "worker" } as const;
const HOST = { kind: "host", id: null, name: "Host", via: "host" } as const;

const ROLE = { person: "Maya", role: "payments" };
const PROPOSED = { proposer: "Maya", role: "payments" };
const PLACE = { person: "Maya", kind: "gitlab-group", target: "acme/payments" };

const ALONE = { person: null, account: "eve", kind: "gitlab-group", target: "acme/payments" };

type Case = Partial<Pick<Change, "actor" | "about" | "after">> & { readonly says: string };

/** Complete: the compiler refuses a kind that has no line here. */
const CASES: Record<ChangeKind, Case> = {
  "request.submitted": { actor: MAYA, about: { ...ROLE, minutes: 30 }, says: "Maya asked for payments, 30 min" },
  "request.approved": {
    actor: OMAR,
    about: { ...ROLE, minutes: 90 },
    says: "Omar approved Maya’s request for payments, 1 h 30 min",
  },
  "request.denied": { actor: OMAR, about: ROLE, says: "Omar denied Maya’s request for payments" },
  "request.withdrawn": { actor: MAYA, about: ROLE, says: "Maya’s request for payments was withdrawn" },
  "request.expired": { about: ROLE, says: "Nobody decided Maya’s request for payments in time" },
  "grant.scheduled": { actor: OMAR, about: ROLE, says: "Maya’s access to payments is scheduled" },
  "grant.activating": { actor: OMAR, about: ROLE, says: "Maya’s access to payments is being set up" },
  "grant.active": { about: ROLE, says: "Maya’s access to payments was seen in place" },
  "grant.ending": { about: ROLE, says: "The time of Maya’s access to payments was up" },
  "grant.ended": { about: ROLE, says: "Maya’s access to payments was proved gone" },
  "grant.revoking": { actor: OMAR, about: ROLE, says: "Omar took payments back from Maya" },
  "grant.revoked": { about: ROLE, says: "Maya’s access to payments was proved gone" },
  "grant.failed": { about: ROLE, says: "Maya’s access to payments could not be set up" },
  "grant.narrowed": { actor: OMAR, about: ROLE, says: "Maya’s live access to payments was narrowed" },
  "binding.applied": { about: PLACE, says: "Maya was given access to GitLab group acme/payments" },
  "binding.removed": { about: PLACE, says: "Maya’s access to GitLab group acme/payments was removed" },
  "binding.restored": { about: PLACE, says: "What Maya had before at GitLab group acme/payments was put back" },
  "binding.drifted": {
    about: { ...PLACE, role: "payments", drift: "removed-by-hand" },
    says: "Maya’s access to GitLab group acme/payments through payments was removed by hand",
  },
  "access.found": { about: ALONE, says: "eve has access to GitLab group acme/payments that no grant explains" },
  "access.gone": { about: ALONE, says: "eve has nothing at GitLab group acme/payments any more" },
  "access.kept": {
    actor: OMAR,
    about: { ...ALONE, person: "Maya", account: "maya", role: "payments" },
    says: "Omar lets Maya (maya) keep access to GitLab group acme/payments (role payments) as an exception",
  },
  "access.exception-ended": {
    about: ALONE,
    says: "The exception for eve at GitLab group acme/payments does not hold any more",
  },
  "access.removal-asked": {
    actor: OMAR,
    about: ALONE,
    says: "Omar asked for the removal of eve’s access to GitLab group acme/payments",
  },
  "access.removed": {
    about: ALONE,
    says: "eve’s access to GitLab group acme/payments, which no grant explained, was proved gone",
  },
  "place.missing": {
    about: ALONE,
    says: "GitLab group acme/payments, which a role gives, was not found at the provider",
  },
  "place.found": { about: ALONE, says: "GitLab group acme/payments was found at the provider again" },
  "place.unclear": {
    about: { kind: "aws-iam-role", target: "deployer", role: "payments" },
    says: "Who has access to AWS IAM role deployer cannot be told: a hand changed it",
  },
  "place.clear": {
    about: { kind: "aws-iam-role", target: "deployer" },
    says: "Who has access to AWS IAM role deployer can be told again",
  },
  "role.created": { actor: HOST, about: { role: "payments" }, says: "Host made the role payments" },
  "role.published": {
    actor: OMAR,
    about: { role: "payments", version: 2 },
    says: "Omar published version 2 of payments",
  },
  "role.rolled-back": {
    actor: OMAR,
    about: { role: "payments", version: 3, restores: 1 },
    says: "Omar rolled payments back to version 1",
  },
  "role.widened": { actor: OMAR, about: { role: "payments", version: 4 }, says: "Version 4 of payments gives more" },
  "rollback.change": { actor: OMAR, about: { undoes: 41 }, says: "Omar rolled change 41 back" },
  "rollback.point": { actor: OMAR, about: { to: 40 }, says: "Omar rolled everything back to change 40" },
  "widening.proposed": { actor: OMAR, about: PROPOSED, says: "Omar proposed more of payments" },
  "widening.approved": { actor: OMAR, about: PROPOSED, says: "Omar approved Maya’s proposal of more of payments" },
  "widening.denied": {
    actor: OMAR,
    about: { proposer: "Maya" },
    says: "Omar denied Maya’s proposal of widening without a second person",
  },
  "widening.withdrawn": { about: PROPOSED, says: "Maya’s proposal of more of payments was withdrawn" },
  "widening.expired": { about: PROPOSED, says: "Nobody decided Maya’s proposal of more of payments in time" },
  "widening.overtaken": { about: PROPOSED, says: "Maya’s proposal of more of payments was overtaken" },
  "four-eyes.switched": {
    actor: OMAR,
    about: { needed: true },
    says: "Omar made widening wait for a second person",
  },
  "person.joined": { actor: MAYA, about: { person: "Maya" }, says: "Maya signed in for the first time" },
  "account.missing": {
    about: { person: "Maya", account: "maya", connection: "aws" },
    says: "Maya’s account maya at aws, for which access is held, is not in the directory any more",
  },
  "account.found": {
    about: { person: "Maya", account: "maya", connection: "aws" },
    says: "Maya’s account maya at aws is no longer missed",
  },
  "person.renamed": {
    about: { person: "Maya", account: "maya.c", formerly: "maya", connection: "gitlab" },
    says: "Maya is called maya.c at gitlab now, no longer maya",
  },
  "person.roles-changed": {
    about: { person: "Maya" },
    after: { isAdmin: false, isAuditor: true },
    says: "Maya is now an auditor",
  },
  "person.deactivated": { actor: OMAR, about: { person: "Maya" }, says: "Omar deactivated Maya" },
  "person.reactivated": { actor: OMAR, about: { person: "Maya" }, says: "Omar reactivated Maya" },
  "token.created": {
    actor: HOST,
    about: { person: "Maya", token: "terminal" },
    says: "Host made the token “terminal” for Maya",
  },
  "token.revoked": {
    actor: OMAR,
    about: { person: "Maya", token: "terminal" },
    says: "Omar revoked the token “terminal” of Maya",
  },
  "group.missing": { about: { group: "acme/old" }, says: "The group acme/old is gone from the directory" },
  "group.owners-changed": { about: { group: "acme/payments" }, says: "The owners of acme/payments changed" },
  "history.exported": {
    actor: MAYA,
    about: { what: "12 changes", format: "CSV" },
    says: "Maya exported 12 changes as CSV",
  },
  "history.key-added": { about: { key: "3f2a" }, says: "Daypass signs the history with the key 3f2a" },
  "history.broken": { about: { entry: 5 }, says: "The daily check found the history broken at change 5" },
  "history.redacted": {
    about: { what: "1,204 changes", upTo: 5_310 },
    says: "Daypass redacts the personal fields of 1,204 changes, up to change 5310",
  },
  "retention.changed": {
    actor: MAYA,
    after: { days: 365 },
    says: "Maya set that personal fields are redacted after 365 days",
  },
};

function change(kind: ChangeKind, { actor = DAYPASS, about = {}, after = null }: Omit<Case, "says">): Change {
  const ids = { personId: "maya", roleId: null, requestId: null, grantId: null, bindingId: null, causeId: null };
  return { id: "1", at: "2026-11-24T14:00:00.000Z", kind, actor, about, ...ids, why: null, before: null, after };
}

test.each(Object.entries(CASES))("%s", (kind, { says, ...said }) => {
  expect(isChangeKind(kind) && changeWords(change(kind, said))).toBe(says);
});

describe("whose it is goes by id, not by name", () => {
  test("who gives access back themselves did not have it taken", () => {
    expect(changeWords(change("grant.revoking", { actor: MAYA, about: ROLE }))).toBe("Maya gave payments back");
    const namesake = { ...MAYA, id: "another" };
    expect(changeWords(change("grant.revoking", { actor: namesake, about: ROLE }))).toBe(
      "Maya took payments back from Maya",
    );
  });
  test("a person's own token needs no owner in the sentence", () => {
    const about = { person: "Maya", token: "terminal" };
    expect(changeWords(change("token.created", { actor: MAYA, about }))).toBe("Maya made the token “terminal”");
    expect(changeWords(change("token.revoked", { actor: MAYA, about }))).toBe("Maya revoked the token “terminal”");
  });
});

test.each([
  [{ version: 4, undoes: 41 }, "Omar rolled a change of payments back: version 4"],
  [{ version: 4 }, "Omar rolled payments back to before it was made: it gives nothing"],
  [{ version: 4, restores: 1, partly: true }, "Omar rolled payments back to version 1, as far as it gives less"],
])("a rollback of a role, %j", (about, says) => {
  expect(changeWords(change("role.rolled-back", { actor: OMAR, about: { role: "payments", ...about } }))).toBe(says);
});

test.each([
  [{ isAdmin: true, isAuditor: false }, "Maya is now an admin"],
  [{ isAdmin: false, isAuditor: false }, "Maya is now neither admin nor auditor"],
  [null, "Maya is now neither admin nor auditor"],
])("portal roles %j", (after, says) => {
  expect(changeWords(change("person.roles-changed", { about: { person: "Maya" }, after }))).toBe(says);
});

test.each([
  [
    { state: "absent" },
    { state: "present", level: "guest", until: null },
    "Maya was given access to GitLab group acme/payments",
  ],
  [
    { state: "present", level: "maintainer", until: null },
    { state: "present", level: "developer", until: null },
    "Maya’s access to GitLab group acme/payments was changed from Maintainer to Developer",
  ],
  [
    { state: "present", level: "guest", until: "2026-11-25" },
    { state: "present", level: "guest", until: "2026-11-26" },
    "The expiry of Maya’s access to GitLab group acme/payments was moved",
  ],
])("what was written at a provider, from %j to %j", (before, after, says) => {
  expect(changeWords({ ...change("binding.applied", { about: PLACE, after }), before })).toBe(says);
});

test("an entry whose names are missing still makes a sentence", () => {
  expect(changeWords(change("request.denied", { actor: OMAR }))).toBe("Omar denied something’s request for something");
});

test("every kind has a title, and no two kinds of one group share it", () => {
  const titles = Object.values(CHANGE_TITLES).map((words) => words.join(": "));
  expect(new Set(titles).size).toBe(Object.keys(CASES).length);
  expect(isChangeKind("constructor")).toBe(false);
});
