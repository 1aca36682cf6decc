import { expect, test } from "vitest";
import { dayAfter, dayIn, isZone, momentIn, startOfDay, wallIn } from "./zone.ts";

test.each([
  ["2026-11-24T14:32", "Europe/Berlin", "2026-11-24T13:32:00.000Z"],
  ["2026-07-24T14:32:05", "Europe/Berlin", "2026-07-24T12:32:05.000Z"],
  ["2026-11-24T14:32", "America/New_York", "2026-11-24T19:32:00.000Z"],
  ["2026-11-24T14:32", "UTC", "2026-11-24T14:32:00.000Z"],
  // The clocks go forward at 01:00 UTC on this day, between the first guess and the answer.
  ["2026-03-29T02:59:59", "Europe/London", "2026-03-29T01:59:59.000Z"],
  ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
])("%s on a clock in %s is %s", (text, zone, at) => {
  expect(momentIn(text, zone)?.toISOString()).toBe(at);
  expect(wallIn(new Date(at), zone)).toBe(text.length < 19 ? `${text}:00` : text);
});

test.each([
  "",
  "yesterday",
  "2026-13-24T14:32",
  "2026-11-24",
  "2026-11-24T14:32Z",
  "0000-01-01T00:00",
  "2026-02-30T00:00",
])("%j is no moment", (text) => {
  expect(momentIn(text, "UTC")).toBeNull();
});

test.each([
  ["2026-11-24", "UTC", "2026-11-24T00:00:00.000Z"],
  ["2026-11-24", "Asia/Kolkata", "2026-11-23T18:30:00.000Z"],
  ["2026-11-24", "+13:00", "2026-11-23T11:00:00.000Z"],
  // Here the clocks go from midnight straight to one.
  ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"],
  // And here they go back to eleven, so that the day's first hour comes after two elevens.
  ["2026-04-05", "America/Santiago", "2026-04-05T04:00:00.000Z"],
])("%s in %s begins at %s", (day, zone, at) => {
  const start = startOfDay(day, zone);
  expect(start.toISOString()).toBe(at);
  expect([dayIn(new Date(start.getTime() - 1), zone) < day, dayIn(start, zone)]).toEqual([true, day]);
});

test("days are counted on the calendar", () => {
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
  expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
});

test("what is no zone is told apart", () => {
  expect(["Europe/Berlin", "UTC", "+05:30", "Mars/Olympus", ""].map(isZone)).toEqual([true, true, true, false, false]);
});
