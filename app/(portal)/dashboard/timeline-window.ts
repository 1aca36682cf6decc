import { dayIn, startOfDay } from "#lib/domain/zone.ts";

export type TimelineWindow = { readonly from: number; readonly to: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Timed = { readonly since: Date; readonly until: Date };

/**
 * The stretch of time that a timeline shows, in milliseconds: to the last end, and back as far as that is ahead but no
 * further, or one grant that began last week would leave no room for what is left of the others.
 */
export function timelineWindow(grants: readonly Timed[], now: Date): TimelineWindow {
  const at = now.getTime();
  const ahead = Math.max(30 * MINUTE_MS, ...grants.map(({ until }) => until.getTime() - at));
  const behind = Math.max(10 * MINUTE_MS, ...grants.map(({ since }) => at - since.getTime()));
  return { from: at - Math.min(behind, Math.max(ahead, HOUR_MS)), to: at + ahead };
}

const STEPS_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];

/** Round clock times of a zone within the window, at most `most` of them. */
export function clockTicks({ from, to }: TimelineWindow, zone: string, most: number): number[] {
  const step = STEPS_MINUTES.map((n) => n * MINUTE_MS).find((size) => (to - from) / size <= most) ?? to - from;
  const midnight = startOfDay(dayIn(new Date(from), zone), zone).getTime();
  const first = midnight + Math.ceil((from - midnight) / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, n) => first + n * step);
}
