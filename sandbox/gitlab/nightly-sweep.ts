import { removeMember } from "./membership.ts";
import type { GitlabState } from "./state.ts";

const DAY_MS = 86_400_000;
const AT_MS = 10 * 60_000;

/**
 * Runs the sweep of 00:10 UTC if one came due since the last look, as GitLab's cron does once a day.
 * Until it runs, an expired membership still gives access.
 */
export function sweepIfDue(state: GitlabState, now: Date): void {
  const latest = new Date(Math.floor((now.getTime() - AT_MS) / DAY_MS) * DAY_MS + AT_MS);
  if (latest > state.sweptUpTo) removeExpired(state, latest.toISOString().slice(0, 10));
  state.sweptUpTo = now;
}

function removeExpired(state: GitlabState, today: string): void {
  for (const place of [...state.groups.values(), ...state.projects.values()]) {
    for (const { userId, expiresAt } of [...place.members.values()]) {
      if (isOver(expiresAt, today)) removeMember(state, place, userId, { skipSubresources: false });
    }
    for (const { groupId, expiresAt } of [...place.shares.values()]) {
      if (isOver(expiresAt, today)) place.shares.delete(groupId);
    }
  }
}

function isOver(expiresAt: string | null, today: string): boolean {
  return expiresAt !== null && expiresAt <= today;
}
