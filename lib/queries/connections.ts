import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";

export type ConnectionRow = {
  readonly name: string;
  readonly provider: "gitlab" | "aws";
  readonly lastOkAt: Date | null;
  readonly downSince: Date | null;
  readonly lastError: string | null;
  readonly syncedAt: Date | null;
  /** The provider asked for a pause until then; null when it is over. */
  readonly heldUntil: Date | null;
  /** The provider's own rate limit and what was left of it, as its answers of the last minutes said. */
  readonly rateLimit: number | null;
  readonly rateRemaining: number | null;
  readonly accounts: number;
  readonly groups: number;
  /** Places where live grants hold access there now. */
  readonly places: number;
  /** Looks at it that are due, and since when the oldest is. */
  readonly due: number;
  readonly oldestDueAt: Date | null;
  /** Places where the last try came to nothing, and what came of the latest of them. */
  readonly failing: number;
  readonly lastFailure: string | null;
};

const TOLD_LATELY = Prisma.sql`c.rate_seen_at > (SELECT daypass_now()) - interval '5 minutes'`;

/** The configured GitLab instances and AWS accounts, for admins and auditors; null for everybody else. */
export async function connections(viewer: Viewer, { db }: { db: Db }): Promise<ConnectionRow[] | null> {
  if (!seesAll(viewer)) return null;
  return db.$queryRaw<ConnectionRow[]>`
    SELECT c.name, c.provider, c.last_ok_at AS "lastOkAt", c.down_since AS "downSince", c.last_error AS "lastError",
      c.synced_at AS "syncedAt", CASE WHEN c.held_until > (SELECT daypass_now()) THEN c.held_until END AS "heldUntil",
      CASE WHEN ${TOLD_LATELY} THEN c.rate_limit END AS "rateLimit",
      CASE WHEN ${TOLD_LATELY} THEN c.rate_remaining END AS "rateRemaining",
      (SELECT count(*)::int FROM provider_account a WHERE a.connection = c.name) AS accounts,
      (SELECT count(*)::int FROM access_group g WHERE g.connection = c.name AND g.missing_since IS NULL) AS groups,
      b.places, b.due, b."oldestDueAt", b.failing, b."lastFailure"
    FROM connection c CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE b.confirmed IS NOT NULL)::int AS places,
        count(*) FILTER (WHERE b.due_at <= (SELECT daypass_now()))::int AS due,
        min(b.due_at) FILTER (WHERE b.due_at <= (SELECT daypass_now())) AS "oldestDueAt",
        count(*) FILTER (WHERE b.last_error IS NOT NULL AND b.due_at IS NOT NULL)::int AS failing,
        (array_agg(b.last_error ORDER BY b.due_at DESC) FILTER (WHERE b.last_error IS NOT NULL
          AND b.due_at IS NOT NULL))[1] AS "lastFailure"
      FROM binding b WHERE b.connection = c.name) b
    ORDER BY c.name DESC`;
}
