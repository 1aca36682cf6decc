import { expect, test } from "vitest";
import { atMostWords, latenessWords, secondsWords } from "./lateness.ts";

test("each bar has its words, and the last is open", () => {
  expect(latenessWords()).toEqual([
    "at most 1 s",
    "1 s to 5 s",
    "5 s to 15 s",
    "15 s to 1 min",
    "1 min to 5 min",
    "more than 5 min",
  ]);
});

test("a length of time in seconds is said as coarsely as people need it", () => {
  expect([0.4, 59.9, 60, 125, 7_500].map(secondsWords)).toEqual(["0 s", "59 s", "1 min", "2 min", "2 h 5 min"]);
});

test("at most so long is never less than it was", () => {
  expect([0, 3.6, 59.2, 61, 7_500].map(atMostWords)).toEqual(["0 s", "4 s", "1 min", "2 min", "2 h 5 min"]);
});
