import { expect, test } from "vitest";
import {
  failureWords,
  isLate,
  removalWords,
  requestWords,
  setupWords,
  takenByHand,
  wideningTitle,
  wideningWords,
} from "./state-words.ts";

test.each([
  [{ state: "PENDING", deciders: ["Omar"] }, "Waiting for Omar"],
  [{ state: "PENDING", deciders: ["Omar", "Nina"] }, "Waiting for Omar or Nina"],
  [{ state: "PENDING", deciders: ["Omar", "Nina", "Zoe"] }, "Waiting for Omar or 2 others"],
  [{ state: "PENDING", deciders: [] }, "Waiting, and nobody can decide"],
  [{ state: "DENIED", deciders: [], deniedBy: "Omar" }, "Denied by Omar"],
  [{ state: "DENIED", deciders: [] }, "Denied"],
  [{ state: "WITHDRAWN", deciders: [] }, "Withdrawn"],
  [{ state: "EXPIRED", deciders: [] }, "Nobody decided in time"],
  [{ state: "APPROVED", deciders: [] }, "Approved"],
] as const)("%o is said as %s", (request, words) => {
  expect(requestWords(request)).toBe(words);
});

const place = (changes: { applied?: boolean; gone?: boolean; tries?: number }) => ({
  applied: false,
  gone: false,
  tries: 0,
  ...changes,
});

test("setting up counts the places that are done", () => {
  expect(setupWords([place({ applied: true }), place({})])).toBe("Being set up (1 of 2 done)");
});

test("a removal says its try from the second on, and only for places that are still there", () => {
  expect(removalWords([place({ tries: 0 })])).toBe("Being removed");
  expect(removalWords([place({ tries: 2 }), place({})])).toBe("Being removed, try 3");
  expect(removalWords([place({ tries: 9, gone: true }), place({})])).toBe("Being removed");
});

test("a failure says its reason, as far as a badge can hold it", () => {
  expect(failureWords("x".repeat(500))).toHaveLength("Could not be set up: ".length + 80);
  expect(failureWords("GitLab says no")).toBe("Could not be set up: GitLab says no");
  expect(failureWords(null)).toBe("Could not be set up");
});

test("a removal is late after a minute, until it is proved", () => {
  const endingAt = new Date("2026-11-24T12:00:00Z");
  const after = (seconds: number) => new Date(endingAt.getTime() + seconds * 1_000);
  expect(isLate({ endingAt, closedAt: null }, after(60))).toBe(false);
  expect(isLate({ endingAt, closedAt: null }, after(61))).toBe(true);
  expect(isLate({ endingAt, closedAt: after(300) }, after(400))).toBe(false);
  expect(isLate({ endingAt: null, closedAt: null }, after(400))).toBe(false);
});

test.each([
  [{ state: "PENDING", deciders: ["Omar", "Ines"], decidedBy: null }, "Waiting for Omar or Ines"],
  [{ state: "PENDING", deciders: [], decidedBy: null }, "Waiting, and nobody can decide"],
  [{ state: "APPROVED", deciders: ["Omar"], decidedBy: "Omar" }, "Approved by Omar"],
  [{ state: "DENIED", deciders: ["Omar"], decidedBy: "Omar" }, "Denied by Omar"],
  [{ state: "WITHDRAWN", deciders: [], decidedBy: null }, "Withdrawn"],
  [{ state: "EXPIRED", deciders: [], decidedBy: null }, "Nobody decided in time"],
  [{ state: "OVERTAKEN", deciders: [], decidedBy: null }, "Overtaken by another change"],
] as const)("a proposal %j", (proposal, words) => {
  expect(wideningWords(proposal)).toBe(words);
});

test("a proposal is called by who proposed it and what for", () => {
  expect(wideningTitle({ proposerName: "Ines", roleName: "Payments", days: null })).toBe(
    "Ines proposes more of Payments",
  );
  expect(wideningTitle({ proposerName: "Ines", roleName: null, days: null })).toBe(
    "Ines proposes widening without a second person",
  );
});

test("what a hand took counts where the grant still wants it, and where it lost it for good", () => {
  const missed = { drift: "removed-by-hand", level: "maintainer", taken: false } as const;
  const lost = { drift: null, level: null, taken: true } as const;
  const others = [
    { ...missed, level: null },
    { ...missed, drift: "lowered-by-hand" },
  ] as const;
  expect(takenByHand([missed, ...others, lost])).toEqual([missed, lost]);
});
