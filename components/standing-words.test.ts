import { expect, test } from "vitest";
import { beforeWords, standingWords, wantedWords } from "./standing-words.ts";

test.each([
  [{ state: "absent" }, "Nothing"],
  [{ state: "present", level: "maintainer", until: "2026-11-25" }, "Maintainer until 2026-11-25"],
  [{ state: "present", level: "member", until: null }, "Member, no expiry"],
] as const)("%o is %s", (seen, words) => {
  expect(standingWords(seen)).toBe(words);
});

const GONE = new Date("2026-11-24T12:00:00Z");

test.each([
  ["ACTIVE", { level: "owner", goneAt: null, takenAt: null }, "Owner"],
  ["SCHEDULED", { level: "owner", goneAt: null, takenAt: null }, "Owner"],
  ["ACTIVE", { level: null, goneAt: null, takenAt: null }, "Nothing: a narrower version of the role took it"],
  ["ACTIVE", { level: null, goneAt: GONE, takenAt: null }, "Nothing any more"],
  ["ACTIVE", { level: null, goneAt: null, takenAt: GONE }, "Nothing: a hand took it"],
  ["SCHEDULED", { level: null, goneAt: GONE, takenAt: GONE }, "Nothing: a hand took it"],
  ["ENDING", { level: "owner", goneAt: null, takenAt: null }, "Nothing any more"],
  ["ACTIVATION_FAILED", { level: "owner", goneAt: null, takenAt: null }, "Nothing any more"],
  ["REVOKED", { level: "owner", goneAt: GONE, takenAt: null }, "Nothing any more"],
] as const)("a grant that is %s with %o wants %s", (state, binding, words) => {
  expect(wantedWords(state, binding)).toBe(words);
});

test("what stood before us is what was recorded, or what was put back; what we set ourselves is never taken for it", () => {
  const reporter = { state: "present", level: "reporter", until: null } as const;
  const absent = { state: "absent" } as const;
  const applied = { bindingId: "b", action: "apply", readBack: { ...reporter, level: "owner" } } as const;
  const removed = { bindingId: "b", action: "remove", readBack: absent } as const;
  const restored = { bindingId: "b", action: "restore", readBack: reporter } as const;
  const gone = { id: "b", baseline: null, goneAt: GONE };

  expect(beforeWords({ ...gone, baseline: reporter }, [removed])).toBe("Reporter, no expiry");
  expect(beforeWords({ ...gone, goneAt: null }, [applied])).toBe("Not recorded yet");
  expect(beforeWords(gone, [removed, applied])).toBe("Nothing");
  expect(beforeWords(gone, [restored, applied])).toBe("Reporter, no expiry");
  expect(beforeWords(gone, [{ ...removed, bindingId: "other" }, applied])).toMatch(/^Not kept/);
});
