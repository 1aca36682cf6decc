import type { Seen } from "../domain/binding.ts";
import type { Db } from "../db/client.ts";
import { LeaseLost } from "./deps.ts";

/** Longer than the longest pair of provider calls; a dead worker's lease is taken over after it. Machine time. */
export const LEASE_SECONDS = 30;

/**
 * Takes the right to write at this binding. Gives the fence of the lease, or null while another worker holds it; asked for
 * what is due, also when another worker has done it meanwhile.
 */
export async function takeLease(
  db: Db,
  bindingId: string,
  workerId: string,
  when: "always" | "due" = "always",
): Promise<number | null> {
  const rows = await db.$queryRaw<{ fence: number }[]>`
    UPDATE binding SET leased_by = ${workerId}, fence = fence + 1,
      leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = ${bindingId}::uuid AND (leased_until IS NULL OR leased_until < clock_timestamp())
      AND (${when === "always"} OR due_at <= daypass_now()) AND commit_soon()
    RETURNING fence`;
  return rows[0]?.fence ?? null;
}

type Intent = {
  readonly baseline: Seen | null;
  readonly intended: Seen;
  readonly targetId: string | null;
  readonly owedSince: Date | null;
};

/**
 * Stores what is about to be written at the provider, and what was there before us, before the call: after a crash the
 * next look knows that the access may be ours. It is on disk before it returns, and with it everything that was committed
 * earlier, the approval included. Renews the lease; one that is over is no right to write, even when nobody has taken it.
 * @throws LeaseLost
 */
export async function storeIntent(
  db: Db,
  lease: { readonly bindingId: string; readonly fence: number },
  intent: Intent,
): Promise<void> {
  const stored = await db.$executeRaw`
    UPDATE binding SET baseline = ${json(intent.baseline)}::jsonb, intended = ${json(intent.intended)}::jsonb,
      target_id = ${intent.targetId}, owed_since = ${intent.owedSince}, wrote_at = daypass_now(),
      leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = ${lease.bindingId}::uuid AND fence = ${lease.fence} AND leased_until > clock_timestamp()
      AND commit_durably()`;
  if (stored !== 1) throw new LeaseLost();
}

export function json(seen: Seen | null): string | null {
  return seen === null ? null : JSON.stringify(seen);
}
