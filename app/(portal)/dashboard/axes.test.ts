import { expect, test } from "vitest";
import { timeRange } from "#lib/domain/time-range.ts";
import { barWords, countTicks, dayWords, secondsTicks } from "./axes.ts";

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [4, [0, 1, 2, 3, 4]],
  [5, [0, 2, 4, 6]],
  [35, [0, 10, 20, 30, 40]],
  [1_204, [0, 500, 1_000, 1_500]],
])("up to %d things are read off at %j", (most, ticks) => {
  expect(countTicks(most)).toEqual(ticks);
});

test.each([
  [0.4, [0, 1]],
  [45, [0, 15, 30, 45]],
  [400, [0, 120, 240, 360, 480]],
  [4_000, [0, 1_800, 3_600, 5_400]],
  [1_000_000, [0, 259_200, 518_400, 777_600, 1_036_800]],
])("up to %d seconds are read off at %j", (most, ticks) => {
  expect(secondsTicks(most)).toEqual(ticks);
});

test("a bar is called by its day, or by the days of its week", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  expect(dayWords("2026-11-04")).toBe("4 Nov");
  expect(barWords(timeRange("7d", "UTC", now), 6)).toBe("Tue 24 Nov");
  expect(barWords(timeRange("1y", "UTC", now), 51)).toBe("18 Nov to 24 Nov");
});
