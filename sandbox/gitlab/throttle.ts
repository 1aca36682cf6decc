import type { World } from "../world.ts";
import type { Call } from "./context.ts";
import { Refusal, tooManyRequests } from "./refusals.ts";
import type { MemberSource } from "./state.ts";

const HOUR_MS = 3_600_000;

/** The limit on authenticated calls: off unless asked for, and only then are there any RateLimit headers. */
export function throttle(world: World, call: Call): void {
  const limit = world.limits.settings.gitlabRequestsPerHour;
  if (limit === null) return;

  const now = world.clock.now();
  const observed = world.limits.count(`api ${call.get("caller").id}`, HOUR_MS, now);
  const reset = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  // The reset is by this clock, so whoever computes how long it takes needs its time.
  call.header("Date", now.toUTCString());
  call.header("RateLimit-Limit", String(limit));
  call.header("RateLimit-Name", "throttle_authenticated_api");
  call.header("RateLimit-Observed", String(observed));
  call.header("RateLimit-Remaining", String(Math.max(0, limit - observed)));
  call.header("RateLimit-Reset", String(reset.getTime() / 1000));
  if (observed <= limit) return;

  call.header("RateLimit-ResetTime", reset.toUTCString());
  call.header("Retry-After", String(Math.ceil((reset.getTime() - now.getTime()) / 1000)));
  throw new Refusal(429, "Retry later\n");
}

/** The limit on removing members, per place and caller. It is an application limit, so it sends no header at all. */
export function throttleDelete(world: World, call: Call, source: MemberSource): void {
  const limit = world.limits.settings.gitlabDeletesPerMinute;
  if (limit === null) return;
  const key = `members_delete ${source.id} ${call.get("caller").id}`;
  if (world.limits.count(key, 60_000, world.clock.now()) > limit) throw tooManyRequests();
}
