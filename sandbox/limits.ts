import { z } from "zod";

export const limitSettings = z.strictObject({
  /** GitLab answers 429 without any header from the next one on; its own default is 60 per source and caller. */
  gitlabDeletesPerMinute: z.int().positive().nullable(),
  /** GitLab's authenticated API limit. Switches the RateLimit headers on; its own default is 7,200. */
  gitlabRequestsPerHour: z.int().positive().nullable(),
  /** Which access levels exist: 18.10 ends at the ten known ones, 19 knows Security Manager (25) too. */
  gitlabVersion: z.enum(["18.10", "19"]),
});
export type LimitSettings = z.infer<typeof limitSettings>;

export type Limits = {
  settings: LimitSettings;
  /** Counts one more for this key in the fixed window that `now` falls in, and gives the count so far. */
  count(key: string, windowMs: number, now: Date): number;
  clear(): void;
};

/** Nothing is limited until a test or a tester asks for it. */
export function createLimits(): Limits {
  const windows = new Map<string, { index: number; count: number }>();
  const limits: Limits = {
    settings: unlimited(),
    count(key, windowMs, now) {
      const index = Math.floor(now.getTime() / windowMs);
      const open = windows.get(key);
      const count = open?.index === index ? open.count + 1 : 1;
      windows.set(key, { index, count });
      return count;
    },
    clear() {
      windows.clear();
      limits.settings = unlimited();
    },
  };
  return limits;
}

function unlimited(): LimitSettings {
  return { gitlabDeletesPerMinute: null, gitlabRequestsPerHour: null, gitlabVersion: "18.10" };
}
