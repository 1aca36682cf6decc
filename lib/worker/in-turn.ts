import type { Place } from "../domain/entitlement.ts";
import type { Deps } from "./deps.ts";

/** Less than a lease lasts: who waits longer for its turn gives way. */
const TURN_WITHIN_MS = 25_000;

/**
 * A role's trust policy is one document that all its people share, and AWS keeps the last writer. One worker at a time
 * reads, changes and reads back one of them; other places belong to one person and need no turn.
 */
export async function inTurn<T>(
  { kind, connection, target }: Place,
  { turns }: Pick<Deps, "turns">,
  work: () => Promise<T>,
): Promise<T> {
  if (kind !== "aws-iam-role") return work();
  return turns.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${connection} ${kind} ${target}`}, 0))::text`;
      return work();
    },
    { maxWait: TURN_WITHIN_MS, timeout: TURN_WITHIN_MS },
  );
}
