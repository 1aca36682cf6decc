import type { LimitSettings } from "../limits.ts";

export const OWNER = 50;
export const MAINTAINER = 40;
/** What an administrator of the instance counts as, everywhere. */
export const ADMIN = 60;
export const MINIMAL_ACCESS = 5;

const NAMES = new Map([
  [10, "Guest"],
  [15, "Planner"],
  [20, "Reporter"],
  [25, "Security Manager"],
  [30, "Developer"],
  [40, "Maintainer"],
  [50, "Owner"],
]);

/** The levels a member can have. Security Manager came after 18.10, and a client must survive both. */
export function levelsOf(version: LimitSettings["gitlabVersion"]): readonly number[] {
  return [...NAMES.keys()].filter((level) => level !== 25 || version !== "18.10");
}

export function levelName(level: number): string {
  return NAMES.get(level) ?? "No access";
}
