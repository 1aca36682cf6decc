import { advanceGrants, readTurn } from "./advance-grants.ts";
import type { Deps } from "./deps.ts";
import { reconcileBinding, reconcileIfDue } from "./reconcile-binding.ts";

const BATCH = 200;
const AT_ONCE = 16;

/**
 * Finds every binding of one connection that is due and looks at it, removals that are owed first, until none is left that
 * was due when it began. It needs no wake-up: a lost timer costs at most the time between two sweeps. Each connection has
 * sweeps of its own, so that a provider that hangs holds up nothing elsewhere. Gives how many it looked at.
 */
export async function sweepDue(connection: string, deps: Deps): Promise<number> {
  let begun: Date | null = null;
  let looked = 0;
  for (;;) {
    const { now, isTurn } = await readTurn(deps.db);
    begun ??= now;
    // All whose time has come in one transaction; the looks would do it one by one.
    if (isTurn) await advanceGrants(deps.db);
    const due = await deps.db.$queryRaw<{ id: string }[]>`
      SELECT id FROM binding
      WHERE connection = ${connection} AND due_at <= LEAST(${begun}::timestamptz, (SELECT daypass_now()))
        AND (leased_until IS NULL OR leased_until < clock_timestamp())
      ORDER BY owed_since NULLS LAST, due_at, id LIMIT ${BATCH}`;
    if (due.length === 0) return looked;
    await eachAtOnce(due, (binding) => reconcileIfDue(binding.id, deps));
    looked += due.length;
  }
}

/**
 * How long until there is something to sweep at the connection, in milliseconds; at most `most`: a binding comes due, is
 * due since the last sweep began, or the lease of one that is due runs out, which is of a worker that died, or of a word
 * that a crash of the database took back.
 */
export async function untilNextDue(connection: string, { db }: Deps, most: number): Promise<number> {
  const [{ ms }] = await db.$queryRaw<[{ ms: number }]>`
    SELECT GREATEST(0, LEAST(${most}::int, min(ceil(extract(epoch FROM CASE
      WHEN due_at > now THEN due_at - now WHEN leased_until > clock_timestamp() THEN leased_until - clock_timestamp()
      ELSE interval '0' END) * 1000))))::int AS ms
    FROM binding, (SELECT daypass_now() AS now) clock
    WHERE connection = ${connection} AND due_at < now + ${most} * interval '1 millisecond'`;
  return ms;
}

/**
 * Looks again at the bindings that were not looked at for longest. Finished bindings stay in it: access re-added by hand
 * is invisible to anything that skips them. Those whose last try failed are due anyway, and would take the places of all
 * others. A look of a moment that is still to come was made before the clock was put back, nobody knows when. Gives how
 * many it looked at.
 */
export async function sweepAll(
  deps: Deps,
  { olderThanMs, most }: { olderThanMs: number; most: number },
): Promise<number> {
  const stale = await deps.db.$queryRaw<{ id: string }[]>`
    (SELECT id FROM binding
    WHERE seen_at < (SELECT daypass_now()) - ${olderThanMs} * interval '1 millisecond' AND tries = 0
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY seen_at, id LIMIT ${most})
    UNION ALL
    (SELECT id FROM binding
    WHERE seen_at > (SELECT daypass_now()) AND tries = 0 AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY seen_at, id LIMIT ${most}) LIMIT ${most}`;
  await eachAtOnce(stale, (binding) => reconcileBinding(binding.id, deps));
  return stale.length;
}

/** One bad row stops one row: the rest is looked at, and what went wrong is thrown at the end. */
async function eachAtOnce<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const errors: unknown[] = [];
  const lane = async () => {
    for (const item of queue) await run(item).catch((error: unknown) => errors.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${items.length} looks failed`);
}
