import { describe, expect, test } from "vitest";
import type { Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";
import { differenceWords, differences } from "./role-difference.ts";

const GITLAB: Entitlement = { connection: "gitlab", kind: "gitlab-group", target: "acme/payments", level: "developer" };
const AWS: Entitlement = { connection: "aws", kind: "aws-iam-role", target: "deployer", level: "assume" };
const SPEC: RoleSpec = {
  name: "Payments",
  summary: "",
  ownerGroupId: "g1",
  requesterGroupId: "g1",
  approvalsNeeded: 1,
  maxMinutes: 240,
  decideWithinMinutes: 1_440,
  entitlements: [GITLAB],
};
const NAMES: Readonly<Record<string, string>> = { g1: "acme/payments", g2: "acme/platform" };
const nameOf = (id: string) => NAMES[id] ?? id;

const words = (changes: Partial<RoleSpec>) =>
  differences(SPEC, { ...SPEC, ...changes }, nameOf).map((difference) => differenceWords(difference));

describe("versions of a role", () => {
  test.each<[Partial<RoleSpec>, string[]]>([
    [{}, []],
    [{ name: "Payments admin" }, ["Name: Payments admin, was Payments"]],
    [{ summary: "All of it" }, ["Summary: All of it, was empty"]],
    [{ ownerGroupId: "g2" }, ["Owner group: acme/platform, was acme/payments"]],
    [{ requesterGroupId: "g2" }, ["Who may ask: acme/platform, was acme/payments"]],
    [{ approvalsNeeded: 2 }, ["Approvals needed: 2, was 1"]],
    [{ maxMinutes: 480 }, ["Longest time: 8 h, was 4 h"]],
    [{ decideWithinMinutes: 90 }, ["Time to decide: 1 h 30 min, was 1 d"]],
    [{ entitlements: [{ ...GITLAB, level: "maintainer" }] }, ["GitLab group acme/payments: Maintainer, was Developer"]],
    [{ entitlements: [GITLAB, AWS] }, ["AWS IAM role deployer: may assume, added"]],
    [
      { entitlements: [AWS] },
      ["GitLab group acme/payments: removed, was Developer", "AWS IAM role deployer: may assume, added"],
    ],
    [
      { entitlements: [{ ...GITLAB, target: "acme/payments/api", kind: "gitlab-project" }] },
      ["GitLab group acme/payments: removed, was Developer", "GitLab project acme/payments/api: Developer, added"],
    ],
  ])("%j", (changes, expected) => {
    expect(words(changes)).toEqual(expected);
  });

  test("the order of the lines makes no difference", () => {
    const both = { ...SPEC, entitlements: [GITLAB, AWS] };
    expect(differences(both, { ...SPEC, entitlements: [AWS, GITLAB] }, nameOf)).toEqual([]);
  });
});
