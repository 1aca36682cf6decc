import type { RateLimit } from "../provider.ts";

/** Remembers what GitLab's answers say of its rate limit. Instances without one send no such headers. */
export function rememberRateLimit() {
  let told: { limit: number; remaining: number; resetsAt: number } | null = null;
  return {
    hear: (headers: Headers): void => {
      const [limit, remaining, reset] = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map((name) =>
        Number(headers.get(name) ?? Number.NaN),
      );
      if (!isCount(limit) || !isCount(remaining) || !isCount(reset)) return;
      // By GitLab's own clock, which need not agree with ours.
      const date = Date.parse(headers.get("date") ?? "");
      told = { limit, remaining, resetsAt: Date.now() + Math.max(0, reset * 1_000 - date || 0) };
    },
    now: (): RateLimit | null => {
      if (!told) return null;
      const resetsAfterMs = told.resetsAt - Date.now();
      return resetsAfterMs > 0 ? { limit: told.limit, remaining: told.remaining, resetsAfterMs } : null;
    },
  };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}
