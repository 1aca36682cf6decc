import type { Place } from "../domain/entitlement.ts";
import type { AccessProvider } from "../providers/provider.ts";
import type { Db } from "../db/client.ts";
import { NotNow } from "./not-now.ts";
import type { BindingRow } from "./read-binding.ts";

/** Below this share of a provider's rate limit, what is left is kept for removals. */
const KEPT_FOR_REMOVALS = 0.1;
/** Additions that gave way look again after this long. */
const GIVE_WAY_MS = 1_000;
const GIVE_WAY_MOST_MS = 60_000;

/** Spends one removal at this place, out of what all workers share. @throws NotNow */
export async function spendRemoval(db: Db, provider: AccessProvider, place: Place): Promise<void> {
  const limit = provider.removalLimit(place);
  if (!limit) return;
  const [{ wait }] = await db.$queryRaw<[{ wait: number }]>`
    SELECT spend_removal(${place.connection}, ${limit.key}, ${limit.perMinute}::int) AS wait`;
  if (wait > 0) throw new NotNow(`It takes ${limit.perMinute} removals a minute there; this one is next`, wait);
}

/**
 * Additions give way while the provider throttles and removals wait, and while little of its limit is left.
 * @throws NotNow
 */
export function giveWayToRemovals(provider: AccessProvider, removalsWait: boolean): void {
  const rate = provider.rateLimit();
  if (rate && rate.remaining < rate.limit * KEPT_FOR_REMOVALS)
    throw new NotNow(
      "What is left of the provider's limit is kept for removals",
      Math.min(rate.resetsAfterMs, GIVE_WAY_MOST_MS),
    );
  if (removalsWait) throw new NotNow("The provider throttles, and removals go first", GIVE_WAY_MS);
}

/**
 * A removal whose own time has come while the provider throttles leaves the place to those that are owed for longer: they
 * wait for the sweep, which takes all in their order, this one too. @throws NotNow
 */
export function giveWayToOlderRemovals({ olderRemovalsWait }: BindingRow): void {
  if (olderRemovalsWait) throw new NotNow("The provider throttles, and older removals go first", 0);
}

/** Notes what each provider said of its rate limit, for people to see. */
export async function noteRateLimits(db: Db, providers: ReadonlyMap<string, AccessProvider>): Promise<void> {
  for (const [name, provider] of providers) {
    const rate = provider.rateLimit();
    if (rate)
      await db.$executeRaw`
        UPDATE connection SET rate_limit = ${rate.limit}, rate_remaining = ${rate.remaining}, rate_seen_at = daypass_now()
        WHERE name = ${name}`;
  }
}
