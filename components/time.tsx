import { cookies } from "next/headers";
import { cache } from "react";
import { dayIn, isZone } from "#lib/domain/zone.ts";
import { Relative } from "./relative.tsx";
import { isDay, momentWords, utcWords, type TimeStyle } from "./time-words.ts";

export const ZONE_COOKIE = "daypass-zone";

/** The viewer's time zone, as their browser last told it; UTC until it did. */
export const viewerZone = cache(async (): Promise<string> => {
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? "UTC";
  return isZone(zone) ? zone : "UTC";
});

type Props = {
  at: Date;
  style?: TimeStyle;
  withDay?: boolean;
  /** In a row whose link shows UTC when it has the focus (the class `reveals`), and so needs no stop of its own. */
  inRow?: boolean;
  /** What Daypass's clock says. Given, the distance is said first: "in 23 min, 14:32". */
  now?: Date;
};

/** A moment in the viewer's zone, with UTC at hand on hover and focus. The day is said unless it is today. */
export async function Time({ at, style = "minute", withDay = true, inRow = false, now }: Props) {
  const timeZone = await viewerZone();
  const today = withDay ? (now ?? new Date()) : null;
  return (
    <span>
      {now ? (
        <>
          <Relative at={at.toISOString()} now={now.toISOString()} />
          {", "}
        </>
      ) : null}
      {/* The focus stop is how people without a mouse get at UTC; a day has none to show. */}
      <time
        className="moment"
        tabIndex={inRow || isDay(style) ? undefined : 0}
        dateTime={at.toISOString()}
        title={utcWords(at)}
      >
        {momentWords(at, { timeZone, style, today })}
      </time>
    </span>
  );
}

export async function dayKey(at: Date): Promise<string> {
  return dayIn(at, await viewerZone());
}
