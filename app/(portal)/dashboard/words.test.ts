import { expect, test } from "vitest";
import { countWords, shareWords } from "./words.ts";

test.each([
  [0, 0, "0 %"],
  [0, 9, "0 %"],
  [1, 1_000, "< 1 %"],
  [7, 9, "78 %"],
  [999, 1_000, "> 99 %"],
  [9, 9, "100 %"],
])("%d of %d are %s", (part, whole, words) => {
  expect(shareWords(part, whole)).toBe(words);
});

test("one thing is not several", () => {
  expect([countWords(1, "grant"), countWords(1_204, "grant")]).toEqual(["1 grant", "1,204 grants"]);
});
