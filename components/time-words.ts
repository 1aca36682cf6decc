import { dayIn } from "#lib/domain/zone.ts";

/** How moments and lengths of time are said on pages. Pure: the zone and the time that has passed come in. */

const STYLES = {
  minute: { hour: "2-digit", minute: "2-digit" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  date: { day: "numeric", month: "short", year: "numeric" },
} as const;

export type TimeStyle = keyof typeof STYLES;

const MINUTE_MS = 60_000;

/** "14:32", or "25 Nov, 14:32" on another day than `today`, or "25 Nov 2025, 14:32" in another year. */
export function momentWords(
  at: Date,
  { timeZone, style = "minute", today }: { timeZone: string; style?: TimeStyle; today: Date | null },
): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options }).format(at);
  const text = format(STYLES[style]);
  if (isDay(style) || today === null || dayIn(at, timeZone) === dayIn(today, timeZone)) return text;
  const isThisYear = dayIn(at, timeZone).slice(0, 4) === dayIn(today, timeZone).slice(0, 4);
  const year = isThisYear ? {} : ({ year: "numeric" } as const);
  return `${format({ day: "numeric", month: "short", ...year })}, ${text}`;
}

export function isDay(style: TimeStyle): boolean {
  return style === "day" || style === "date";
}

export function utcWords(at: Date): string {
  return `${at.toISOString().replace("T", " ").slice(0, 19)} UTC`;
}

/** "2 h 05 min left", "23 min left", "0:42 left": fixed widths, so that nothing jumps. */
export function leftWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min left`;
  if (minutes >= 5) return `${minutes} min left`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")} left`;
}

/** "in 23 min", "5 min ago", "in 3 h", "2 d ago", "just now". @param ms ahead; negative for what has passed. */
export function relativeWords(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  if (minutes < 1) return ms > 0 ? "in under 1 min" : "just now";
  const length =
    minutes < 90
      ? `${minutes} min`
      : minutes < 36 * 60
        ? `${Math.round(minutes / 60)} h`
        : `${Math.round(minutes / (24 * 60))} d`;
  return ms > 0 ? `in ${length}` : `${length} ago`;
}
