import { expect, test } from "vitest";
import { leftWords, momentWords, relativeWords, utcWords } from "./time-words.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [-5 * SECOND, "0:00 left"],
  [0, "0:00 left"],
  [42 * SECOND, "0:42 left"],
  [4 * MINUTE + 59 * SECOND, "4:59 left"],
  [5 * MINUTE, "5 min left"],
  [119 * MINUTE, "119 min left"],
  [125 * MINUTE, "2 h 05 min left"],
])("%d ms are %s", (ms, words) => {
  expect(leftWords(ms)).toBe(words);
});

test.each([
  [0, "just now"],
  [20 * SECOND, "in under 1 min"],
  [23 * MINUTE, "in 23 min"],
  [-89 * MINUTE, "89 min ago"],
  [3 * HOUR, "in 3 h"],
  [-35 * HOUR, "35 h ago"],
  [-48 * HOUR, "2 d ago"],
])("%d ms ahead are %s", (ms, words) => {
  expect(relativeWords(ms)).toBe(words);
});

const AT = new Date("2026-11-24T23:30:05Z");

test("a moment is said in the viewer's zone, with its day when that is another", () => {
  expect(momentWords(AT, { timeZone: "UTC", today: AT })).toBe("23:30");
  expect(momentWords(AT, { timeZone: "Europe/Berlin", today: new Date("2026-11-24T12:00:00Z") })).toBe("25 Nov, 00:30");
  expect(momentWords(AT, { timeZone: "UTC", today: new Date("2027-01-01T00:00:00Z") })).toBe("24 Nov 2026, 23:30");
  expect(momentWords(AT, { timeZone: "Europe/Berlin", style: "second", today: null })).toBe("00:30:05");
  expect(momentWords(AT, { timeZone: "UTC", style: "day", today: null })).toBe("Tuesday, 24 November 2026");
  expect(momentWords(AT, { timeZone: "UTC", style: "date", today: new Date(0) })).toBe("24 Nov 2026");
});

test("UTC is at hand to the second", () => {
  expect(utcWords(AT)).toBe("2026-11-24 23:30:05 UTC");
});
