/** Days and clocks in somebody's time zone. Pure: the zone is an IANA name or an offset that `Intl` knows. */

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

/** "2026-11-24": the day of a moment in a zone. */
export function dayIn(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(at);
}

/** The moment that a wall clock in a zone calls `text`, "2026-11-24T14:32" or with seconds; null when there is none. */
export function momentIn(text: string, timeZone: string): Date | null {
  if (!/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return null;
  const asUtc = Date.parse(`${text}Z`);
  // A day that the month does not have is read as one of the next month.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(text)) return null;
  // Where the clocks change between the two, the first guess is off by that change; the second is not.
  const first = asUtc - aheadMs(asUtc, timeZone);
  return new Date(asUtc - aheadMs(first, timeZone));
}

/** What a wall clock in a zone says at a moment, "2026-11-24T14:32:00": what `momentIn` takes. */
export function wallIn(at: Date | number, timeZone: string): string {
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(at);
  return wall.replace(" ", "T");
}

/** How far the wall clock of a zone is ahead of UTC at this moment. */
function aheadMs(at: number, timeZone: string): number {
  return Date.parse(`${wallIn(at, timeZone)}Z`) - Math.floor(at / 1_000) * 1_000;
}

/** The first moment of a day "2026-11-24" in a zone. */
export function startOfDay(day: string, timeZone: string): Date {
  const start = momentIn(`${day}T00:00`, timeZone);
  if (!start) throw new RangeError(`${day} is no day`);
  // Where the clocks skip midnight, the guess is an hour before the day.
  return dayIn(start, timeZone) < day ? new Date(start.getTime() + HOUR_MS) : start;
}

/** The day so many days after another, or before it. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
