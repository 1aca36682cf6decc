import { axisX, gridY, axisY, type Markish } from "@observablehq/plot";
import type { TimeRange } from "#lib/domain/time-range.ts";
import { dayAfter } from "#lib/domain/zone.ts";

const DAY_LABEL_WIDTH = 56;

/** Days under bars that stand at 0, 1, 2 …, as many as have room, the last one always. */
export function dayAxis({ days }: TimeRange, width: number): Markish {
  const step = Math.ceil(days.length / Math.floor(width / DAY_LABEL_WIDTH));
  const ticks = days.map((_, bar) => bar).filter((bar) => (days.length - 1 - bar) % step === 0);
  return axisX(
    ticks.map((bar) => bar + 0.5),
    {
      tickSize: 0,
      tickPadding: 7,
      color: "var(--muted)",
      tickFormat: (x: number) => dayWords(days[Math.floor(x)] ?? ""),
    },
  );
}

/** Lines to read heights by. */
export function heightAxis(ticks: readonly number[], words: (value: number) => string): Markish[] {
  return [
    gridY([...ticks], { stroke: "var(--line)", strokeOpacity: 1 }),
    axisY([...ticks], { tickSize: 0, color: "var(--muted)", tickFormat: words }),
  ];
}

/** Whole numbers from 0 to at least `most`, four steps or fewer. */
export function countTicks(most: number): number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.ceil([1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough) ?? rough);
  return ticksOf(step, most);
}

const STEPS_SECONDS = [1, 2, 5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

/** Lengths of time from 0 to at least `most` seconds, four steps or fewer up to four days. */
export function secondsTicks(most: number): number[] {
  const step = STEPS_SECONDS.find((size) => size >= most / 4) ?? 86_400 * Math.ceil(most / 4 / 86_400);
  return ticksOf(step, most);
}

function ticksOf(step: number, most: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, n) => n * step);
}

/** "24 Nov". */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(day));
}

/** "Tue 24 Nov", or the days of a week "18 Nov to 24 Nov". */
export function barWords({ days, daysPerBar }: TimeRange, bar: number): string {
  const day = days[bar] ?? "";
  if (daysPerBar > 1) return `${dayWords(day)} to ${dayWords(dayAfter(day, daysPerBar - 1))}`;
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" }).format(Date.parse(day));
  return `${weekday} ${dayWords(day)}`;
}
