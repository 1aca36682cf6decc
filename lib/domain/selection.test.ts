import { describe, expect, test } from "vitest";
import type { Change } from "./change.ts";
import {
  fitsSelection,
  isEverything,
  judgeSelection,
  quarterOf,
  quarterRange,
  type SelectionFilter,
} from "./selection.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const history = (filter: SelectionFilter) => ({ of: "history", filter }) as const;

test("only the unfiltered history of somebody who sees all of it is everything", () => {
  expect(isEverything(history({}))).toBe(true);
  expect(isEverything(history({ seenBy: "somebody" }))).toBe(false);
  expect(isEverything({ of: "quarter", quarter: "2026-Q4" })).toBe(false);
});

describe("a time in which nothing can be is refused", () => {
  test.each([
    [{ since: "2026-11-02T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z" }],
    [{ since: "2026-11-02T00:00:00.000Z", until: "2026-11-02T00:00:00.000Z" }],
    [{ since: "9999-01-01T00:00:00.000Z" }],
  ])("%o", (filter) => {
    expect(judgeSelection(history(filter), NOW)).toEqual({ allowed: false, code: "range-empty" });
  });

  test.each(["2027-Q1", "2026-Q5", "2026-q4", "1999-Q1", "", "Q4"])("the quarter %s", (quarter) => {
    expect(judgeSelection({ of: "quarter", quarter }, NOW)).toEqual({ allowed: false, code: "quarter-unknown" });
  });

  test("any other is allowed", () => {
    expect(judgeSelection(history({ until: "2020-01-01T00:00:00.000Z" }), NOW).allowed).toBe(true);
    expect(judgeSelection(history({ since: "2026-11-24T12:00:00.000Z" }), NOW).allowed).toBe(true);
    expect(judgeSelection({ of: "quarter", quarter: "2026-Q4" }, NOW).allowed).toBe(true);
  });
});

test("a quarter is three months from its first moment to the next quarter's", () => {
  expect(quarterRange("2026-Q4")).toEqual({ since: "2026-10-01T00:00:00.000Z", until: "2027-01-01T00:00:00.000Z" });
  expect(quarterOf(new Date("2026-09-30T23:59:59.999Z"))).toBe("2026-Q3");
  expect(quarterOf(new Date("2026-10-01T00:00:00.000Z"))).toBe("2026-Q4");
});

test("an entry fits when every field of the filter does", () => {
  const change = {
    at: "2026-11-24T10:00:00.000Z",
    kind: "request.submitted",
    actor: { id: "maya" },
    personId: "maya",
    roleId: "payments",
    requestId: "r",
    grantId: null,
  } as Change;
  const fits = (filter: SelectionFilter) => fitsSelection(change, history(filter));
  expect(fits({})).toBe(true);
  expect(fits({ kind: "request.submitted", personId: "maya", actorId: "maya", roleId: "payments" })).toBe(true);
  for (const field of ["kind", "personId", "actorId", "roleId", "requestId", "grantId"] as const)
    expect(fits({ [field]: "another" })).toBe(false);
  expect(fits({ since: change.at })).toBe(true);
  expect(fits({ until: change.at })).toBe(false);
});

test("an entry fits an outcome by its kind, and a place by any line that names it", () => {
  const line = { connection: "aws", kind: "aws-iam-group", target: "payments", level: "member" };
  const change = {
    kind: "role.published",
    about: {},
    before: null,
    after: { entitlements: [line] },
  } as unknown as Change;
  const fits = (filter: SelectionFilter) => fitsSelection(change, history(filter));
  expect(fits({ target: "payments" })).toBe(true);
  expect(fits({ target: "platform" })).toBe(false);
  expect(fits({ provider: "aws" })).toBe(true);
  expect(fits({ provider: "gitlab" })).toBe(false);
  expect(fits({ outcome: "denied" })).toBe(false);
  const denied = { ...change, kind: "request.denied" } as Change;
  expect(fitsSelection(denied, history({ outcome: "denied" }))).toBe(true);
});
