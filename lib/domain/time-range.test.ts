import { expect, test } from "vitest";
import { SPANS, timeRange } from "./time-range.ts";

const NOW = new Date("2026-11-24T23:30:00Z");

test("a range ends with today as the viewer's zone has it", () => {
  expect(timeRange("7d", "UTC", NOW).days).toEqual([
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
    "2026-11-23",
    "2026-11-24",
  ]);
  expect(timeRange("7d", "Europe/Berlin", NOW).days.at(-1)).toBe("2026-11-25");
  expect(timeRange("7d", "America/New_York", NOW).since.toISOString()).toBe("2026-11-18T05:00:00.000Z");
});

test.each(SPANS)("%s: bars follow each other, and the last one has begun", (span) => {
  const { days, starts, daysPerBar } = timeRange(span, "America/Santiago", NOW);
  expect(starts.every((start, bar) => bar === 0 || start > (starts[bar - 1] ?? start))).toBe(true);
  expect(starts.at(-1)?.getTime()).toBeLessThanOrEqual(NOW.getTime());
  expect(days.length * daysPerBar).toBe({ "7d": 7, "30d": 30, "90d": 90, "1y": 364 }[span]);
});

test("a day on which the clocks change is one bar too", () => {
  const { days, starts } = timeRange("30d", "Europe/Berlin", NOW);
  const hours = starts.slice(1).map((start, bar) => (start.getTime() - (starts[bar] ?? start).getTime()) / 3_600_000);
  expect(days[0]).toBe("2026-10-27");
  expect(new Set(hours)).toEqual(new Set([24]));
  const longer = timeRange("90d", "Europe/Berlin", NOW);
  const change = longer.days.indexOf("2026-10-25");
  expect((longer.starts[change + 1]?.getTime() ?? 0) - (longer.starts[change]?.getTime() ?? 0)).toBe(25 * 3_600_000);
});
