import { describe, expect, test } from "vitest";
import type { Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";
import { differences } from "./role-difference.ts";

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
  differences(SPEC, { ...SPEC, ...changes }, nameOf).map(({ what, before, after }) => [what, before, after]);

describe("versions of a role", () => {
  test.each<[Partial<RoleSpec>, (string | null)[][]]>([
    [{}, []],
    [{ name: "Payments admin" }, [["Name", "Payments", "Payments admin"]]],
    [{ summary: "All of it" }, [["Summary", "", "All of it"]]],
    [{ ownerGroupId: "g2" }, [["Owner group", "acme/payments", "acme/platform"]]],
    [{ requesterGroupId: "g2" }, [["Who may ask", "acme/payments", "acme/platform"]]],
    [{ approvalsNeeded: 2 }, [["Approvals needed", "1", "2"]]],
    [{ maxMinutes: 480 }, [["Longest time", "4 h", "8 h"]]],
    [{ decideWithinMinutes: 90 }, [["Time to decide", "1 d", "1 h 30 min"]]],
    [
      { entitlements: [{ ...GITLAB, level: "maintainer" }] },
      [["GitLab group acme/payments", "Developer", "Maintainer"]],
    ],
    [{ entitlements: [GITLAB, AWS] }, [["AWS IAM role deployer", null, "may assume"]]],
    [
      { entitlements: [AWS] },
      [
        ["GitLab group acme/payments", "Developer", null],
        ["AWS IAM role deployer", null, "may assume"],
      ],
    ],
    [
      { entitlements: [{ ...GITLAB, target: "acme/payments/api", kind: "gitlab-project" }] },
      [
        ["GitLab group acme/payments", "Developer", null],
        ["GitLab project acme/payments/api", null, "Developer"],
      ],
    ],
  ])("%j", (changes, expected) => {
    expect(words(changes)).toEqual(expected);
  });

  test("the order of the lines makes no difference", () => {
    const both = { ...SPEC, entitlements: [GITLAB, AWS] };
    expect(differences(both, { ...SPEC, entitlements: [AWS, GITLAB] }, nameOf)).toEqual([]);
  });
});
