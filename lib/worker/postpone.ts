import { SYSTEM } from "../domain/actor.ts";
import { CouldNotTell, ProviderBusy, Unclear, type ProviderRefused } from "../providers/provider.ts";
import { Prisma } from "../db/generated/client.ts";
import { LIVE_STATES } from "../db/live-states.ts";
import { record } from "../db/record.ts";
import { wakeBindings } from "../db/wake.ts";
import type { Deps, Outcome } from "./deps.ts";
import { NotNow } from "./not-now.ts";
import { readBinding, wantsBinding } from "./read-binding.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** As often as the slow sweep comes by. */
const FINISHED_MS = 5 * 60_000;

/** A removal is owed from the first try on, also when the provider did not even answer what is there. */
const isWanted = Prisma.sql`EXISTS (SELECT 1 FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
  WHERE gb.binding_id = binding.id AND gb.level IS NOT NULL AND g.state IN ${LIVE_STATES}
    AND (g.state <> 'SCHEDULED' OR g.starts_at <= daypass_now()) AND g.ends_at > daypass_now())`;

type Lease = { readonly bindingId: string; readonly fence: number };

/** When time alone will next change what is wanted there. */
const nextTurn = Prisma.sql`(SELECT min(turn.at) FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
  CROSS JOIN LATERAL (VALUES (g.starts_at), (g.ends_at)) turn(at)
  WHERE gb.binding_id = binding.id AND gb.level IS NOT NULL AND g.state IN ${LIVE_STATES} AND turn.at > daypass_now())`;

/**
 * The one place where a look that came to nothing is dealt with: the binding becomes due again, with what went wrong on
 * it for the page to show. There is no last try. Where nothing of ours is left it is looked at as often as the slow sweep
 * would, and no wait hides the moment at which a grant begins or ends.
 */
export async function postpone(lease: Lease, error: unknown, deps: Deps): Promise<Outcome> {
  const words = error instanceof Error ? error.message : String(error);
  const [row] = await deps.db.$queryRaw<{ tries: number; connection: string }[]>`
    SELECT tries + ${triesSpent(error)}::int AS tries, connection FROM binding
    WHERE id = ${lease.bindingId}::uuid AND fence = ${lease.fence}`;
  if (!row) return { kind: "busy" };
  await noteConnection(row.connection, error, words, deps);
  const afterMs = waitAfter(error, row.tries);
  const finishedMs = error instanceof NotNow ? afterMs : Math.max(afterMs, FINISHED_MS);
  // With the lease goes, in one statement, whatever was due: somebody who wakes it later is not overruled.
  const freed = await deps.db.$executeRaw`
    UPDATE binding SET tries = ${row.tries}, last_error = ${words.slice(0, 500)}, leased_until = NULL, leased_by = NULL,
      owed_since = CASE WHEN intended IS NULL OR ${isWanted} THEN owed_since ELSE COALESCE(owed_since, daypass_now()) END,
      due_at = LEAST(${nextTurn}, daypass_now() + interval '1 millisecond' * CASE
        WHEN intended IS NULL AND NOT ${isWanted} THEN ${finishedMs}::float8 ELSE ${afterMs}::float8 END)
    WHERE id = ${lease.bindingId}::uuid AND fence = ${lease.fence} AND commit_soon()`;
  return freed === 0 ? { kind: "busy" } : { kind: "look-again", afterMs, error: words };
}

/**
 * How long to wait before the next try, in milliseconds. A pause that the provider asked for ends for all in one moment, and
 * the sweep then takes them in their order; a wait of ours gets longer and longer up to a minute, and has a random part.
 */
export function waitAfter(error: unknown, tries: number): number {
  if (error instanceof Error && "afterMs" in error && typeof error.afterMs === "number") return error.afterMs;
  return jitter(Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 10)));
}

/** Waits that were none of its own doing must not make the ones after a failure longer. */
export function triesSpent(error: unknown): 0 | 1 {
  return error instanceof NotNow ? 0 : 1;
}

/** Between all of it and a quarter more, so that many workers do not come back in one moment. */
function jitter(ms: number): number {
  return Math.round(ms * (1 + Math.random() / 4));
}

/** Keeps on the connection what an error tells about all of it: a pause that was asked for, or that nothing answers. */
export async function noteConnection(connection: string, error: unknown, words: string, { db }: Deps): Promise<void> {
  if (error instanceof ProviderBusy && !error.onlyHere)
    await db.$executeRaw`
      UPDATE connection SET held_until = GREATEST(held_until, daypass_now() + ${error.afterMs} * interval '1 millisecond')
      WHERE name = ${connection}`;
  if (error instanceof CouldNotTell && !(error instanceof Unclear))
    await db.$executeRaw`
      UPDATE connection SET down_since = COALESCE(down_since, daypass_now()), last_error = ${words.slice(0, 500)}
      WHERE name = ${connection}`;
}

/**
 * A provider that understood and said no ends the activation of every grant that was waiting for this binding: their
 * other bindings are taken back. Gives false when no grant was waiting, so that a refused removal is tried
 * again, and when another worker has taken the lease over.
 */
export async function failActivation(lease: Lease, refusal: ProviderRefused, deps: Deps): Promise<boolean> {
  const failure = refusal.message.slice(0, 500);
  return deps.db.$transaction(async (tx) => {
    const [locked] = await tx.$queryRaw<[{ fence: number }]>`SELECT lock_binding(${lease.bindingId}::uuid) AS fence`;
    const binding = await readBinding(tx, lease.bindingId);
    if (!binding || locked.fence !== lease.fence) return false;
    const failed = binding.grants.filter(
      (grant) => grant.state === "ACTIVATING" && wantsBinding(grant, binding.now) && !grant.applied,
    );
    if (failed.length === 0) return false;

    await tx.grant.updateMany({
      where: { id: { in: failed.map((grant) => grant.id) } },
      data: { state: "ACTIVATION_FAILED", failure, endingAt: binding.now, revision: { increment: 1 } },
    });
    await tx.binding.update({
      where: { id: binding.id },
      data: { lastError: failure, leasedUntil: null, leasedBy: null },
    });
    const ids = new Set(failed.flatMap((grant) => grant.bindings.map(({ id }) => id)));
    await wakeBindings(tx, [...ids], binding.now, "removal");
    await record(
      tx,
      SYSTEM,
      binding.now,
      failed.map((grant) => ({
        kind: "grant.failed",
        about: { person: binding.personName, role: grant.roleSlug, target: binding.target },
        personId: binding.personId,
        roleId: grant.roleId,
        requestId: grant.requestId,
        grantId: grant.id,
        bindingId: binding.id,
        why: failure,
        before: { state: grant.state },
        after: { state: "ACTIVATION_FAILED" },
      })),
    );
    return true;
  });
}
