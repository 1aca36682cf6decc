"use client";

import { usePassed } from "./passing.ts";
import { leftWords } from "./time-words.ts";

/** Time left until `endsAt`, counted on the server's clock: `now` is what that clock said when the page was made. */
export function Countdown({ endsAt, now }: { endsAt: string; now: string }) {
  const passed = usePassed(now, 1_000);
  return <span className="tabular">{leftWords(Date.parse(endsAt) - Date.parse(now) - passed)}</span>;
}
