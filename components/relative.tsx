"use client";

import { usePassed } from "./passing.ts";
import { relativeWords } from "./time-words.ts";

/** How far away a moment is, on the server's clock. */
export function Relative({ at, now }: { at: string; now: string }) {
  const passed = usePassed(now, 20_000);
  return <span className="tabular">{relativeWords(Date.parse(at) - Date.parse(now) - passed)}</span>;
}
