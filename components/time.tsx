import { cookies } from "next/headers";
import { cache } from "react";

export const ZONE_COOKIE = "daypass-zone";

/** The viewer's time zone, as their browser last told it; UTC until it did. */
const viewerZone = cache(async (): Promise<string> => {
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? "UTC";
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
});

const STYLES = {
  minute: { hour: "2-digit", minute: "2-digit" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
} as const;

type Props = { at: Date; style?: keyof typeof STYLES; withDay?: boolean };

/** A moment in the viewer's zone, with UTC at hand on hover. The day is said unless it is `now`'s. */
export async function Time({ at, style = "minute", withDay = true }: Props) {
  const zone = await viewerZone();
  return (
    <time dateTime={at.toISOString()} title={`${at.toISOString().replace("T", " ").slice(0, 19)} UTC`}>
      {formatTime(at, zone, style, withDay)}
    </time>
  );
}

export async function dayKey(at: Date): Promise<string> {
  return new Intl.DateTimeFormat("en-CA", { timeZone: await viewerZone() }).format(at);
}

function formatTime(at: Date, timeZone: string, style: keyof typeof STYLES, withDay: boolean): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options }).format(at);
  const text = format(STYLES[style]);
  if (style === "day" || !withDay) return text;
  const day = (date: Date) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(date);
  return day(at) === day(new Date()) ? text : `${format({ day: "numeric", month: "short" })}, ${text}`;
}
