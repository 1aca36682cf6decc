import { describe, expect, test } from "vitest";
import { endOfDay, isKept, isManaged, judgeKeeping, judgeRemoval, type AccessCase } from "./unknown-access.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(NOW.getTime() + ms);

test.each([
  ["gitlab-group", "acme/roles/payments-maintainer", true],
  ["gitlab-group", "acme/Roles/eu/payments", true],
  ["gitlab-group", "acme/roles", false],
  ["gitlab-group", "acme/payments", false],
  ["gitlab-group", "acme/my-roles/payments", false],
  ["gitlab-project", "acme/roles/payments/api", false],
  ["aws-iam-group", "payments", true],
  ["aws-iam-role", "deployer", true],
] as const)("%s %s: all access should come from grants: %s", (kind, target, managed) => {
  expect(isManaged({ kind, target })).toBe(managed);
});

describe("deciding about access behind no grant", () => {
  const access: AccessCase = { goneAt: null, removalAskedAt: null, ownerIds: ["omar"] };
  const omar = { personId: "omar", isAdmin: false };
  const maya = { personId: "maya", isAdmin: false };
  const ines = { personId: "ines", isAdmin: true };
  const tomorrow = at(DAY_MS);

  test("owners of the role and admins may, nobody else", () => {
    expect(judgeRemoval(access, omar)).toEqual({ allowed: true });
    expect(judgeRemoval(access, ines)).toEqual({ allowed: true });
    expect(judgeRemoval(access, maya)).toEqual({ allowed: false, code: "not-allowed" });
    expect(judgeRemoval({ ...access, ownerIds: [] }, omar)).toEqual({ allowed: false, code: "not-allowed" });
    expect(judgeKeeping(access, tomorrow, omar, NOW)).toEqual({ allowed: true });
    expect(judgeKeeping(access, tomorrow, maya, NOW)).toEqual({ allowed: false, code: "not-allowed" });
  });

  test("what is gone, or being removed, is decided already", () => {
    const gone = { ...access, goneAt: NOW };
    const going = { ...access, removalAskedAt: NOW };
    expect(judgeRemoval(gone, omar)).toEqual({ allowed: false, code: "access-gone" });
    expect(judgeKeeping(gone, tomorrow, omar, NOW)).toEqual({ allowed: false, code: "access-gone" });
    expect(judgeRemoval(going, omar)).toEqual({ allowed: false, code: "access-being-removed" });
    expect(judgeKeeping(going, tomorrow, omar, NOW)).toEqual({ allowed: false, code: "access-being-removed" });
  });

  test.each([
    ["now", NOW],
    ["yesterday", at(-DAY_MS)],
    ["in more than a year", at(366 * DAY_MS + 1)],
    ["on no day at all", new Date(Number.NaN)],
  ])("an exception that ends %s is none", (_when, until) => {
    expect(judgeKeeping(access, until, omar, NOW)).toEqual({ allowed: false, code: "keep-until-invalid" });
  });
});

test("a day lasts until its last moment in UTC, and only days of the calendar are days", () => {
  expect(endOfDay("2026-11-24").toISOString()).toBe("2026-11-25T00:00:00.000Z");
  for (const day of ["", "2026-02-30", "24.11.2026", "2026-11-24T00:00", "+12026-11-24"])
    expect(endOfDay(day).getTime(), day).toBeNaN();
});

test("an exception holds until its day is over, and for no more than what was looked at", () => {
  const kept = { keptUntil: at(1), keptLevel: "developer" } as const;
  expect(isKept("gitlab-group", kept, "developer", NOW)).toBe(true);
  expect(isKept("gitlab-group", kept, "guest", NOW)).toBe(true);
  expect(isKept("gitlab-group", kept, "maintainer", NOW)).toBe(false);
  expect(isKept("gitlab-group", kept, null, NOW)).toBe(false);
  expect(isKept("gitlab-group", kept, "developer", at(1))).toBe(false);
  expect(isKept("gitlab-group", { keptUntil: at(1), keptLevel: null }, null, NOW)).toBe(true);
  expect(isKept("gitlab-group", { keptUntil: null, keptLevel: null }, null, NOW)).toBe(false);
});
