import { Prisma } from "../db/generated/client.ts";
import type { Place } from "../domain/entitlement.ts";
import type { Deps } from "./deps.ts";
import { NotNow } from "./not-now.ts";

/** Less than a lease lasts: who waits longer for its turn gives way. */
const TURN_WITHIN_MS = 25_000;
/** Longer than any work lasts, whose every call has an end: a turn must not be over while its work goes on. */
const TURN_LASTS_MS = 10 * 60_000;
const COME_AGAIN_MS = 1_000;

/**
 * A role's trust policy is one document that all its people share, and AWS keeps the last writer. One worker at a time
 * reads, changes and reads back one of them; other places belong to one person and need no turn.
 * @throws NotNow when the turn did not come in time
 */
export async function inTurn<T>(
  { kind, connection, target }: Place,
  { turns }: Pick<Deps, "turns">,
  work: () => Promise<T>,
  withinMs = TURN_WITHIN_MS,
): Promise<T> {
  if (kind !== "aws-iam-role") return work();
  const key = `${connection} ${kind} ${target.toLowerCase()}`;
  const waiting = { isOver: false };
  const turn = turns.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(withinMs)}, true)`;
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))::text`;
      waiting.isOver = true;
      return work();
    },
    { maxWait: withinMs, timeout: TURN_LASTS_MS },
  );
  return turn.catch((error: unknown) => {
    if (waiting.isOver || !(error instanceof Prisma.PrismaClientKnownRequestError)) throw error;
    throw new NotNow("Others change the same trust policy; this one is next", COME_AGAIN_MS);
  });
}
