"use client";

import { useEffect, useState } from "react";

/** How long this page has shown `since`, a moment of the server's clock, looked at every `everyMs`. */
export function usePassed(since: string, everyMs: number): number {
  const [shown, setShown] = useState({ since, passed: 0 });
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setShown({ since, passed: performance.now() - start }), everyMs);
    return () => clearInterval(timer);
  }, [since, everyMs]);
  return shown.since === since ? shown.passed : 0;
}
