import { describe, expect, test } from "vitest";
import type { Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";
import { fieldValueWords, fieldWords, undoneRole } from "./undo.ts";

const GITLAB: Entitlement = { connection: "gitlab", kind: "gitlab-group", target: "acme/payments", level: "developer" };
const AWS: Entitlement = { connection: "aws", kind: "aws-iam-group", target: "payments", level: "member" };
const FIRST: RoleSpec = {
  name: "Payments",
  summary: "",
  ownerGroupId: "owners",
  requesterGroupId: "askers",
  approvalsNeeded: 1,
  maxMinutes: 60,
  decideWithinMinutes: 60,
  entitlements: [GITLAB],
};
const PLACE = "gitlab gitlab-group acme/payments";
const owner: Entitlement = { ...GITLAB, level: "owner" };
const raised: RoleSpec = { ...FIRST, maxMinutes: 480, entitlements: [owner, AWS] };

describe("undoing one change of a role", () => {
  test("sets back exactly what it touched and leaves what was changed since", () => {
    const now = { ...raised, name: "Pay", approvalsNeeded: 2 };
    expect(undoneRole({ before: FIRST, after: raised }, now, {})).toEqual({
      target: { ...FIRST, name: "Pay", approvalsNeeded: 2 },
      conflicts: [],
    });
  });
  test("brings back a place that it removed, and removes one that it added", () => {
    const moved = { ...FIRST, entitlements: [AWS] };
    expect(undoneRole({ before: FIRST, after: moved }, moved, {}).target.entitlements).toEqual([GITLAB]);
  });
  test("is nothing where a later change did it already", () => {
    expect(undoneRole({ before: FIRST, after: raised }, FIRST, {})).toEqual({ target: FIRST, conflicts: [] });
  });
  test("keeps a field that was touched again, and says so", () => {
    const now: RoleSpec = { ...raised, maxMinutes: 240, entitlements: [{ ...GITLAB, level: "maintainer" }, AWS] };
    const { target, conflicts } = undoneRole({ before: FIRST, after: raised }, now, {});
    expect(target).toEqual({ ...now, entitlements: [{ ...GITLAB, level: "maintainer" }] });
    expect(conflicts).toEqual([
      { field: "maxMinutes", before: 60, after: 480, now: 240, choice: null },
      { field: PLACE, before: "developer", after: "owner", now: "maintainer", choice: null },
    ]);
  });
  test("goes by what was chosen for each", () => {
    const now = { ...raised, maxMinutes: 240, entitlements: [AWS] };
    const choices = { maxMinutes: "keep", [PLACE]: "restore" } as const;
    const { target, conflicts } = undoneRole({ before: FIRST, after: raised }, now, choices);
    expect(target).toEqual({ ...FIRST, maxMinutes: 240, entitlements: [GITLAB] });
    expect(conflicts.map(({ field, now: is, choice }) => [field, is, choice])).toEqual([
      ["maxMinutes", 240, "keep"],
      [PLACE, null, "restore"],
    ]);
  });
});

test.each([
  ["maxMinutes", 480, "Longest time", "8 h"],
  ["requesterGroupId", "askers", "Who may ask", "group askers"],
  ["summary", "", "Summary", "empty"],
  [PLACE, "owner", "GitLab group acme/payments", "Owner"],
  [PLACE, null, "GitLab group acme/payments", "nothing"],
])("%s %s in words", (field, value, what, words) => {
  expect([fieldWords(field), fieldValueWords(field, value, (id) => `group ${id}`)]).toEqual([what, words]);
});
