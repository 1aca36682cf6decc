import { describe, expect, test } from "vitest";
import type { Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";
import {
  isWidening,
  judgeWideningApproval,
  judgeWideningDecision,
  judgeWideningWithdrawal,
  withoutWidening,
  type WideningCase,
} from "./widening.ts";

const GITLAB: Entitlement = { connection: "gitlab", kind: "gitlab-group", target: "acme/payments", level: "developer" };
const AWS: Entitlement = { connection: "aws", kind: "aws-iam-group", target: "payments", level: "member" };
const NOW: RoleSpec = {
  name: "Payments",
  summary: "",
  ownerGroupId: "owners",
  requesterGroupId: "askers",
  approvalsNeeded: 2,
  maxMinutes: 60,
  decideWithinMinutes: 60,
  entitlements: [GITLAB],
};

describe("what of an edit takes effect at once", () => {
  test.each<[string, Partial<RoleSpec>]>([
    ["a higher level", { entitlements: [{ ...GITLAB, level: "maintainer" }] }],
    ["one more place", { entitlements: [GITLAB, AWS] }],
    ["a longer time", { maxMinutes: 61 }],
    ["fewer approvals", { approvalsNeeded: 1 }],
    ["other people who may ask", { requesterGroupId: "others" }],
    ["other people who decide", { ownerGroupId: "others" }],
  ])("%s waits", (_what, changes) => {
    expect(withoutWidening(NOW, { ...NOW, ...changes })).toEqual(NOW);
    expect(isWidening(NOW, { ...NOW, ...changes })).toBe(true);
  });
  test.each<[string, Partial<RoleSpec>]>([
    ["a lower level", { entitlements: [{ ...GITLAB, level: "reporter" }] }],
    ["no place at all", { entitlements: [] }],
    ["a shorter time", { maxMinutes: 59 }],
    ["more approvals", { approvalsNeeded: 3 }],
    ["a name, a summary and a time to decide", { name: "Pay", summary: "All of it", decideWithinMinutes: 600 }],
  ])("%s does not wait", (_what, changes) => {
    expect(withoutWidening(NOW, { ...NOW, ...changes })).toEqual({ ...NOW, ...changes });
    expect(isWidening(NOW, { ...NOW, ...changes })).toBe(false);
  });
  test("an edit that does both is split", () => {
    const wanted: RoleSpec = { ...NOW, name: "Pay", maxMinutes: 30, approvalsNeeded: 1, entitlements: [AWS] };
    expect(withoutWidening(NOW, wanted)).toEqual({ ...NOW, name: "Pay", maxMinutes: 30, entitlements: [] });
    expect(isWidening(withoutWidening(NOW, wanted), wanted)).toBe(true);
  });
});

const AT = new Date("2026-11-24T12:00:00Z");
const WAITING: WideningCase = {
  state: "PENDING",
  decideBy: new Date("2026-11-27T12:00:00Z"),
  proposerId: "ines",
  proposerMay: true,
  deciderIds: ["ines", "omar"],
  isStale: false,
};
const codeOf = (verdict: { allowed: boolean; code?: string }) => (verdict.allowed ? "allowed" : verdict.code);

describe("who decides about a proposal", () => {
  test.each<[string, Partial<WideningCase>, string, string]>([
    ["another decider", {}, "omar", "allowed"],
    ["nobody decides their own", {}, "ines", "own-widening"],
    ["somebody who is neither owner nor admin", {}, "maya", "not-a-second-person"],
    ["after somebody decided", { state: "APPROVED" }, "omar", "already-decided"],
    ["after it was overtaken", { state: "OVERTAKEN" }, "omar", "widening-overtaken"],
    ["too late", { decideBy: AT }, "omar", "decision-overdue"],
    ["when the role moved on", { isStale: true }, "omar", "widening-overtaken"],
    ["when the proposer may not any more", { proposerMay: false }, "omar", "proposer-left"],
  ])("%s", (_what, changes, who, answer) => {
    expect(codeOf(judgeWideningApproval({ ...WAITING, ...changes }, who, AT))).toBe(answer);
  });
  test("what is stale, or whose proposer left, can still be denied", () => {
    expect(judgeWideningDecision({ ...WAITING, isStale: true, proposerMay: false }, "omar", AT).allowed).toBe(true);
  });
  test("only the proposer withdraws, and only while it waits", () => {
    expect(codeOf(judgeWideningWithdrawal(WAITING, "ines"))).toBe("allowed");
    expect(codeOf(judgeWideningWithdrawal(WAITING, "omar"))).toBe("not-found");
    expect(codeOf(judgeWideningWithdrawal({ ...WAITING, state: "DENIED" }, "ines"))).toBe("already-decided");
  });
});
