import { expect, test } from "vitest";
import { standingWords, wantedWords } from "./standing-words.ts";

test.each([
  [{ state: "absent" }, "Nothing"],
  [{ state: "present", level: "maintainer", until: "2026-11-25" }, "Maintainer until 2026-11-25"],
  [{ state: "present", level: "member", until: null }, "Member, no expiry"],
] as const)("%o is %s", (seen, words) => {
  expect(standingWords(seen)).toBe(words);
});

const GONE = new Date("2026-11-24T12:00:00Z");

test.each([
  ["ACTIVE", { level: "owner", goneAt: null }, "Owner"],
  ["SCHEDULED", { level: "owner", goneAt: null }, "Owner"],
  ["ACTIVE", { level: null, goneAt: null }, "Nothing: the role no longer gives it"],
  ["ACTIVE", { level: null, goneAt: GONE }, "Nothing any more"],
  ["ENDING", { level: "owner", goneAt: null }, "Nothing any more"],
  ["ACTIVATION_FAILED", { level: "owner", goneAt: null }, "Nothing any more"],
  ["REVOKED", { level: "owner", goneAt: GONE }, "Nothing any more"],
] as const)("a grant that is %s with %o wants %s", (state, binding, words) => {
  expect(wantedWords(state, binding)).toBe(words);
});
