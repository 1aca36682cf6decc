import { dayAfter, dayIn, startOfDay } from "./zone.ts";

/** How far back figures go: so many bars, each of so many days. A year is 52 weeks, so that no bar is shorter than others. */
const SHAPES = {
  "7d": { bars: 7, daysPerBar: 1 },
  "30d": { bars: 30, daysPerBar: 1 },
  "90d": { bars: 90, daysPerBar: 1 },
  "1y": { bars: 52, daysPerBar: 7 },
} as const;

export type Span = keyof typeof SHAPES;
export const SPANS = Object.keys(SHAPES) as readonly Span[];

/** Whole days of one zone, up to and with today, cut into bars of one length. */
export type TimeRange = {
  readonly span: Span;
  readonly zone: string;
  readonly daysPerBar: number;
  /** The first day of each bar, "2026-11-24". */
  readonly days: readonly string[];
  /** The first moment of each bar. */
  readonly starts: readonly Date[];
  readonly since: Date;
};

export function timeRange(span: Span, zone: string, now: Date): TimeRange {
  const { bars, daysPerBar } = SHAPES[span];
  const first = dayAfter(dayIn(now, zone), 1 - bars * daysPerBar);
  const days = Array.from({ length: bars }, (_, bar) => dayAfter(first, bar * daysPerBar));
  return {
    span,
    zone,
    daysPerBar,
    days,
    starts: days.map((day) => startOfDay(day, zone)),
    since: startOfDay(first, zone),
  };
}
