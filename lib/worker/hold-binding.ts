import { v7 as newId } from "uuid";
import { ABSENT } from "../domain/binding.ts";
import type { Place } from "../domain/entitlement.ts";
import type { Account } from "../providers/provider.ts";
import { databaseNow } from "../db/now.ts";
import { wakeBindings } from "../db/wake.ts";
import { LeaseLost, type Deps } from "./deps.ts";
import { LEASE_SECONDS, takeLease } from "./lease.ts";

/** `nobody`: the account is nobody's who could be granted anything. */
export type Held =
  | { readonly kind: "nobody" }
  | { readonly kind: "busy" }
  | { readonly kind: "free" | "granted"; readonly bindingId: string; readonly fence: number };

/** Keeps the reconciler away from one account at one place, also when no grant ever wanted anything there. */
export async function holdBinding({ account, ...place }: Place & { account: Account }, deps: Deps): Promise<Held> {
  const bindingId = await bindingOf(place, account, deps);
  if (bindingId === null) return { kind: "nobody" };
  const fence = await takeLease(deps.db, bindingId, deps.workerId);
  if (fence === null) return { kind: "busy" };
  const { intended } = await deps.db.binding.findUniqueOrThrow({
    where: { id: bindingId },
    select: { intended: true },
  });
  return { kind: intended === null ? "free" : "granted", bindingId, fence };
}

async function bindingOf({ connection, kind, target }: Place, { externalId }: Account, { db }: Deps) {
  const [row] = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO binding (id, person_id, connection, kind, target)
    SELECT ${newId()}::uuid, a.person_id, ${connection}, ${kind}, spelling_of(${connection}, ${kind}, ${target})
    FROM provider_account a
    WHERE a.connection = ${connection} AND a.external_id = ${externalId}
    ON CONFLICT (person_id, connection, kind, target) DO UPDATE SET target = EXCLUDED.target
    RETURNING id`;
  return row?.id ?? null;
}

/**
 * Renews the hold just before something is removed, and notes when: whatever becomes of it, a look may show for a while
 * what was before it. @throws LeaseLost
 */
export async function noteSending(held: Held, { db }: Deps): Promise<void> {
  if (held.kind !== "free") return;
  const noted = await db.$executeRaw`
    UPDATE binding SET wrote_at = daypass_now(),
      leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = ${held.bindingId}::uuid AND fence = ${held.fence} AND leased_until > clock_timestamp()
      AND commit_durably()`;
  if (noted !== 1) throw new LeaseLost();
}

/** What was removed here may still be seen for a while; the next grant must not take it for what was there before. */
export async function noteRemoval(held: Held, { db }: Deps): Promise<void> {
  if (held.kind !== "free") return;
  await db.$executeRaw`
    UPDATE binding SET wrote_at = daypass_now(), seen = ${JSON.stringify(ABSENT)}::jsonb, seen_at = daypass_now()
    WHERE id = ${held.bindingId}::uuid AND fence = ${held.fence}`;
}

/** Lets the reconciler in again, and wakes it when it came by meanwhile. */
export async function freeBinding(held: Held, { db }: Deps): Promise<void> {
  if (held.kind === "nobody" || held.kind === "busy") return;
  await db.$transaction(async (tx) => {
    const [freed] = await tx.$queryRaw<{ isDue: boolean }[]>`
      UPDATE binding SET leased_by = NULL, leased_until = NULL
      WHERE id = ${held.bindingId}::uuid AND fence = ${held.fence}
      RETURNING COALESCE(due_at <= daypass_now(), false) AS "isDue"`;
    if (freed?.isDue) await wakeBindings(tx, [held.bindingId], await databaseNow(tx), "removal");
  });
}
