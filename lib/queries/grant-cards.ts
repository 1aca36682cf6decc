import "server-only";
import type { Drift, Seen } from "../domain/binding.ts";
import type { Entitlement, Level } from "../domain/entitlement.ts";
import type { GrantState } from "../domain/grant.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { isExtended } from "../db/is-extended.ts";

/** One place of a grant, as far as lists show it. */
export type GrantPlace = Omit<Entitlement, "level"> & {
  /** Null once a narrower role version took it away. */
  readonly level: Level | null;
  readonly applied: boolean;
  readonly gone: boolean;
  /** A hand took it from this grant. */
  readonly taken: boolean;
  readonly seen: Seen | null;
  /** What a hand changed there since. */
  readonly drift: Drift | null;
  readonly tries: number;
  readonly lastError: string | null;
};

export type GrantCard = {
  readonly id: string;
  readonly requestId: string;
  readonly state: GrantState;
  readonly personId: string;
  readonly personName: string;
  readonly roleSlug: string;
  readonly roleName: string;
  readonly minutes: number;
  readonly startsAt: Date;
  readonly activeAt: Date | null;
  readonly endsAt: Date;
  readonly endingAt: Date | null;
  readonly closedAt: Date | null;
  readonly endReason: string | null;
  readonly failure: string | null;
  /** Whether another grant goes on from where this one ends. */
  readonly isExtended: boolean;
  readonly places: readonly GrantPlace[];
};

/** Grants that match `where` (a condition on `g`), newest first. */
export async function grantCards(db: Db, where: Prisma.Sql, limit: number): Promise<GrantCard[]> {
  return db.$queryRaw<GrantCard[]>`
    SELECT g.id, g.request_id AS "requestId", g.state, g.person_id AS "personId", p.name AS "personName",
      r.slug AS "roleSlug", v.name AS "roleName", g.minutes, g.starts_at AS "startsAt", g.active_at AS "activeAt",
      g.ends_at AS "endsAt", g.ending_at AS "endingAt", g.closed_at AS "closedAt", g.end_reason AS "endReason",
      g.failure,
      ${isExtended} AS "isExtended",
      COALESCE((SELECT json_agg(json_build_object('connection', b.connection, 'kind', b.kind, 'target', b.target,
          'level', gb.level, 'applied', gb.applied_at IS NOT NULL, 'gone', gb.gone_at IS NOT NULL,
          'taken', gb.taken_at IS NOT NULL, 'seen', b.seen, 'drift', b.drift,
          'tries', b.tries, 'lastError', b.last_error) ORDER BY b.connection DESC, b.target)
        FROM grant_binding gb JOIN binding b ON b.id = gb.binding_id WHERE gb.grant_id = g.id), '[]') AS places
    FROM access_grant g
      JOIN person p ON p.id = g.person_id
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.id = g.role_version_id
    WHERE ${where}
    ORDER BY g.id DESC LIMIT ${limit}`;
}
