import { describe, expect, test } from "vitest";
import { canonicalJson } from "./change.ts";
import { backstopDate, judgeMinutes } from "./duration.ts";
import { compareLevels, type Level } from "./entitlement.ts";
import { judgeRelease, judgeRevocation, nextTurn, wantsAccess } from "./grant.ts";
import {
  approvalsThatCount,
  judgeApproval,
  judgeSubmission,
  judgeWithdrawal,
  type ApprovalCase,
  type SubmissionCase,
} from "./request.ts";
import { entitlementChanges, intersect, judgeRoleSpec, judgeSlug, narrowed, type RoleSpec } from "./role.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe("minutes", () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%s minutes are refused", (minutes) => {
    expect(judgeMinutes(minutes, 60)).toEqual({ allowed: false, code: "minutes-invalid" });
  });
  test("more than the role allows is refused", () => {
    expect(judgeMinutes(61, 60)).toEqual({ allowed: false, code: "minutes-too-long" });
    expect(judgeMinutes(60, 60).allowed).toBe(true);
  });
  test.each([
    ["2026-03-02T14:00:00.000Z", "2026-03-03"],
    ["2026-03-02T23:59:59.999Z", "2026-03-03"],
    ["2026-03-03T00:00:00.000Z", "2026-03-03"],
    ["2026-12-31T10:00:00.000Z", "2027-01-01"],
  ])("GitLab's backstop for %s is %s", (end, date) => {
    expect(backstopDate(new Date(end))).toBe(date);
  });
});

describe("submission", () => {
  const role: SubmissionCase = {
    maxMinutes: 60,
    approvalsNeeded: 1,
    requesterId: "maya",
    ownerIds: ["omar"],
    connectionsWithoutAccount: [],
    pendingForSameRole: false,
  };
  const asked = { minutes: 30, justification: "Fix the queue", ticket: null, startsAt: null };

  test("a sound request is allowed", () => {
    expect(judgeSubmission(role, asked, NOW).allowed).toBe(true);
  });
  test.each([
    ["nobody to approve it", { ...role, ownerIds: [] }, asked, "no-approver"],
    ["only the requester to approve it", { ...role, ownerIds: ["maya"] }, asked, "no-approver"],
    ["fewer approvers than it needs", { ...role, approvalsNeeded: 2 }, asked, "no-approver"],
    ["a request for the same role that waits", { ...role, pendingForSameRole: true }, asked, "duplicate-request"],
    ["no account at a provider", { ...role, connectionsWithoutAccount: ["aws"] }, asked, "no-provider-account"],
    ["only spaces for a reason", role, { ...asked, justification: "  \n" }, "justification-missing"],
    ["100 kB for a reason", role, { ...asked, justification: "x".repeat(100_000) }, "justification-too-long"],
    ["a start long past", role, { ...asked, startsAt: later(-10) }, "start-invalid"],
    ["a start too far ahead", role, { ...asked, startsAt: later(60 * 24 * 31) }, "start-invalid"],
    ["a start that is no date", role, { ...asked, startsAt: new Date("nonsense") }, "start-invalid"],
    ["an endless ticket", role, { ...asked, ticket: "x".repeat(201) }, "ticket-too-long"],
  ])("%s is refused", (_what, given, submission, code) => {
    expect(judgeSubmission(given, submission, NOW)).toMatchObject({ allowed: false, code });
  });
});

describe("approval", () => {
  const request: ApprovalCase = {
    state: "PENDING",
    decideBy: later(60),
    requesterId: "maya",
    requesterMayAsk: true,
    minutes: 30,
    ownerIds: ["omar", "maya", "nina"],
    decidedBy: [],
  };

  test("an owner approves, or shortens", () => {
    expect(judgeApproval(request, "omar", 30, NOW).allowed).toBe(true);
    expect(judgeApproval(request, "omar", 10, NOW).allowed).toBe(true);
  });
  test("nobody approves their own request, owner or not", () => {
    expect(judgeApproval(request, "maya", 30, NOW)).toEqual({ allowed: false, code: "own-request" });
  });
  test.each([
    ["an approver cannot lengthen", request, "omar", 31, "minutes-lengthened"],
    ["a stranger cannot approve", request, "lena", 30, "not-an-approver"],
    ["an empty owner list means nobody", { ...request, ownerIds: [] }, "omar", 30, "not-an-approver"],
    ["a second decision is refused", { ...request, state: "APPROVED" as const }, "omar", 30, "already-decided"],
    ["the same approver decides once", { ...request, decidedBy: ["omar"] }, "omar", 30, "already-decided"],
    ["too late is too late", { ...request, decideBy: NOW }, "omar", 30, "decision-overdue"],
    ["a requester who left gets nothing", { ...request, requesterMayAsk: false }, "omar", 30, "requester-left"],
  ])("%s", (_fact, given, approver, minutes, code) => {
    expect(judgeApproval(given, approver, minutes, NOW)).toEqual({ allowed: false, code });
  });
  test("an approval counts while its approver is an active owner", () => {
    const approvals = [{ approverId: "omar" }, { approverId: "zoe" }];
    expect(approvalsThatCount(approvals, request)).toEqual([{ approverId: "omar" }]);
    expect(approvalsThatCount(approvals, { ownerIds: [] })).toEqual([]);
  });
  test("only the requester withdraws, and to others the request does not exist", () => {
    expect(judgeWithdrawal(request, "maya").allowed).toBe(true);
    expect(judgeWithdrawal(request, "omar")).toEqual({ allowed: false, code: "not-found" });
    expect(judgeWithdrawal({ ...request, state: "DENIED" }, "maya")).toMatchObject({ code: "request-not-pending" });
  });
});

describe("grants", () => {
  const grant = { state: "ACTIVE" as const, startsAt: later(-10), endsAt: later(10) };
  test("time alone ends access, whatever the state says", () => {
    expect(wantsAccess(grant, NOW)).toBe(true);
    expect(wantsAccess(grant, later(10))).toBe(false);
    expect(wantsAccess({ ...grant, state: "REVOKING" }, NOW)).toBe(false);
  });
  test("a scheduled grant wants nothing before its start; one that has begun stays so when the clock is put back", () => {
    expect(wantsAccess({ ...grant, state: "SCHEDULED" }, later(-20))).toBe(false);
    expect(wantsAccess(grant, later(-20))).toBe(true);
  });
  test("the next turn is the start, then the end, then none", () => {
    expect(nextTurn({ ...grant, state: "SCHEDULED" }, later(-20))).toEqual(grant.startsAt);
    expect(nextTurn(grant, NOW)).toEqual(grant.endsAt);
    expect(nextTurn(grant, later(10))).toBeNull();
  });
  test("the holder releases; an owner or an admin revokes; a stranger neither", () => {
    const ending = { state: "ACTIVE" as const, personId: "maya", ownerIds: ["omar"] };
    expect(judgeRelease(ending, "maya").allowed).toBe(true);
    expect(judgeRelease(ending, "omar")).toEqual({ allowed: false, code: "not-allowed" });
    expect(judgeRevocation(ending, { personId: "omar", isAdmin: false }).allowed).toBe(true);
    expect(judgeRevocation(ending, { personId: "ines", isAdmin: true }).allowed).toBe(true);
    expect(judgeRevocation(ending, { personId: "lena", isAdmin: false })).toEqual({
      allowed: false,
      code: "not-allowed",
    });
    expect(judgeRevocation({ ...ending, state: "ENDED" }, { personId: "omar", isAdmin: false })).toEqual({
      allowed: false,
      code: "grant-not-live",
    });
  });
});

describe("roles", () => {
  const group = { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/x" } as const;
  const iam = { connection: "aws", kind: "aws-iam-group", target: "x", level: "member" } as const;
  const spec: RoleSpec = {
    name: "X",
    summary: "",
    ownerGroupId: "g",
    requesterGroupId: "g",
    approvalsNeeded: 1,
    maxMinutes: 60,
    decideWithinMinutes: 60,
    entitlements: [{ ...group, level: "maintainer" }, iam],
  };

  test("a role change narrows and never widens what is held", () => {
    const held = { ...group, level: "maintainer" } as const;
    expect(narrowed(held, [{ ...group, level: "owner" }])).toBe("maintainer");
    expect(narrowed(held, [{ ...group, level: "guest" }])).toBe("guest");
    expect(narrowed(held, [iam])).toBeNull();
    expect(intersect([held, iam], [{ ...group, level: "developer" }])).toEqual([{ ...group, level: "developer" }]);
  });
  test("the difference of two versions names each line once", () => {
    expect(entitlementChanges(spec.entitlements, [{ ...group, level: "owner" }])).toEqual([
      { kind: "removed", entitlement: iam },
      { kind: "raised", entitlement: { ...group, level: "owner" }, from: "maintainer" },
    ]);
  });
  test.each([
    ["no entitlements", { entitlements: [] }, "entitlements-missing"],
    ["one place twice", { entitlements: [iam, iam] }, "entitlement-repeated"],
    ["an unknown level", { entitlements: [{ ...iam, level: "root" as Level }] }, "entitlement-invalid"],
    ["a target with a space", { entitlements: [{ ...iam, target: "a b" }] }, "entitlement-invalid"],
    ["no approvers", { approvalsNeeded: 0 }, "approvals-needed-invalid"],
    ["no longest time", { maxMinutes: 0 }, "max-minutes-invalid"],
    ["half a minute", { maxMinutes: 0.5 }, "max-minutes-invalid"],
    ["no name", { name: " " }, "name-invalid"],
  ])("%s is refused", (_what, given, code) => {
    expect(judgeRoleSpec({ ...spec, ...given })).toMatchObject({ allowed: false, code });
  });
  test("a slug is small letters, digits and single dashes", () => {
    expect(judgeSlug("payments-2").allowed).toBe(true);
    for (const slug of ["", "A", "a--b", "-a", "a/b", "x".repeat(65)]) expect(judgeSlug(slug).allowed).toBe(false);
  });
  test("an unknown level is never compared", () => {
    expect(() => compareLevels("gitlab-group", "maintainer", "member")).toThrow(RangeError);
  });
});

test("canonical JSON sorts keys by code unit and leaves no white space", () => {
  expect(canonicalJson({ b: [1, { y: null, x: "é\n" }], a: 1e21, "€": true, A: -0 })).toBe(
    '{"A":0,"a":1e+21,"b":[1,{"x":"é\\n","y":null}],"€":true}',
  );
});
