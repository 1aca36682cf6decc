import { expect, test } from "vitest";
import type { Change } from "./change.ts";
import { changeDifferences } from "./change-difference.ts";
import type { Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";

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
const NAMES: Readonly<Record<string, string>> = { g1: "acme/payments", g2: "acme/platform", p1: "Omar" };
const nameOf = (id: string) => NAMES[id] ?? id;

const AT = "2026-11-24T14:00:00.000Z";
type Sides = Pick<Change, "before" | "after">;

test.each<[string, Sides, unknown[]]>([
  ["a state", { before: { state: "ACTIVE" }, after: { state: "REVOKING" } }, [["State", "active", "being taken back"]]],
  [
    "a first state with its time",
    { before: null, after: { state: "PENDING", minutes: 30, ticket: null, startsAt: AT } },
    [
      ["State", null, "waiting for a decision"],
      ["Time", null, "30 min"],
      ["Start", null, new Date(AT)],
    ],
  ],
  [
    "access at a provider",
    {
      before: { state: "absent" },
      after: { state: "present", level: "maintainer", until: "2026-11-25" },
    },
    [["Access", "none", "Maintainer until 2026-11-25"]],
  ],
  [
    "what a live grant lost",
    {
      before: [{ ...GITLAB }, { ...AWS }],
      after: [
        { ...GITLAB, level: "guest" },
        { ...AWS, level: null },
      ],
    },
    [
      ["GitLab group acme/payments", "Developer", "Guest"],
      ["AWS IAM role deployer", "may assume", null],
    ],
  ],
  [
    "a version of a role",
    {
      before: { version: 1, ...SPEC, entitlements: [{ ...GITLAB }] },
      after: { version: 2, ...SPEC, ownerGroupId: "g2", entitlements: [{ ...GITLAB }, { ...AWS }] },
    },
    [
      ["Version", "1", "2"],
      ["Owner group", "acme/payments", "acme/platform"],
      ["AWS IAM role deployer", null, "may assume"],
    ],
  ],
  ["owners", { before: { owners: [] }, after: { owners: ["p1", "p2"] } }, [["Owners", "", "Omar, p2"]]],
  [
    "portal roles",
    { before: { isAdmin: false, isAuditor: true }, after: { isAdmin: true, isAuditor: true } },
    [["Admin", "no", "yes"]],
  ],
  [
    "a token",
    { before: null, after: { tokenId: "t1", scopes: ["roles:read", "history:read"], expiresAt: AT } },
    [
      ["May do", null, "roles:read, history:read"],
      ["Expires", null, new Date(AT)],
    ],
  ],
  [
    "something that is not known here",
    { before: null, after: { colour: { red: 1 } } },
    [["colour", null, '{"red":1}']],
  ],
  ["nothing", { before: null, after: null }, []],
])("%s", (_name, sides, expected) => {
  expect(changeDifferences(sides, nameOf).map(({ what, before, after }) => [what, before, after])).toEqual(expected);
});
