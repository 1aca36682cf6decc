"use client";

import { useEffect, useState } from "react";

/** Time left until `endsAt`, counted on the server's clock: `now` is what that clock said when the page was made. */
export function Countdown({ endsAt, now }: { endsAt: string; now: string }) {
  const left = useLeft(Date.parse(endsAt) - Date.parse(now));
  return <span className="tabular">{leftWords(left)}</span>;
}

function useLeft(atFirst: number): number {
  const [left, setLeft] = useState(atFirst);
  useEffect(() => {
    const start = performance.now();
    const tick = () => setLeft(atFirst - (performance.now() - start));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [atFirst]);
  return left;
}

/** "2 h 05 min", "23 min", "0:42": fixed widths, so that nothing jumps. */
function leftWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min left`;
  if (minutes >= 5) return `${minutes} min left`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")} left`;
}
