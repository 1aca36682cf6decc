import "server-only";
import type { Entitlement } from "../domain/entitlement.ts";
import type { GrantState } from "../domain/grant.ts";
import type { RequestState } from "../domain/request.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { entitlementsOf } from "./visible.ts";

/** One request as lists show it. */
export type RequestRow = {
  readonly id: string;
  readonly state: RequestState;
  readonly roleSlug: string;
  readonly roleName: string;
  readonly roleVersion: number;
  readonly requesterId: string;
  readonly requesterName: string;
  readonly minutes: number;
  /** Of its grant: an approver may give less than was asked for. Null while there is none. */
  readonly grantedMinutes: number | null;
  readonly justification: string;
  /** When what people wrote in it was taken out by the retention policy. */
  readonly redactedAt: Date | null;
  readonly ticket: string | null;
  readonly startsAt: Date | null;
  /** The grant that this is to go on from. */
  readonly extendsId: string | null;
  readonly createdAt: Date;
  readonly decideBy: Date;
  readonly closedAt: Date | null;
  readonly grantId: string | null;
  readonly grantState: GrantState | null;
  readonly entitlements: readonly Entitlement[];
  /** Names of those who may decide it now, the requester left out. */
  readonly deciders: readonly string[];
};

/**
 * Requests that match `where` (a condition on `q`, `r` and `v`: the version in force), newest first. The page is cut
 * before the rest is joined, so that a long list costs no more than what is shown of it.
 */
export async function requestRows(
  db: Db,
  where: Prisma.Sql,
  { limit, oldestFirst = false }: { limit: number; oldestFirst?: boolean },
): Promise<RequestRow[]> {
  const order = oldestFirst ? Prisma.sql`q.id ASC` : Prisma.sql`q.id DESC`;
  return db.$queryRaw<RequestRow[]>`
    WITH page AS MATERIALIZED (
      SELECT q.id, v.owner_group_id FROM access_request q
        JOIN role r ON r.id = q.role_id
        JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      WHERE ${where}
      ORDER BY ${order} LIMIT ${limit}
    )
    SELECT q.id, q.state, r.slug AS "roleSlug", asked.name AS "roleName", asked.version AS "roleVersion",
      q.requester_id AS "requesterId", p.name AS "requesterName", q.minutes, q.justification,
      q.redacted_at AS "redactedAt", q.ticket,
      q.starts_at AS "startsAt", q.extends_id AS "extendsId", q.created_at AS "createdAt", q.decide_by AS "decideBy", q.closed_at AS "closedAt",
      g.id AS "grantId", g.state AS "grantState", g.minutes AS "grantedMinutes", ${entitlementsOf(Prisma.sql`asked.id`)} AS entitlements,
      CASE WHEN q.state = 'PENDING' THEN ARRAY(
        SELECT o.name FROM group_member m JOIN person o ON o.id = m.person_id
        WHERE m.group_id = page.owner_group_id AND m.is_owner AND o.deactivated_at IS NULL AND o.id <> q.requester_id
        ORDER BY o.name)
        ELSE '{}' END AS deciders
    FROM page
      JOIN access_request q ON q.id = page.id
      JOIN role r ON r.id = q.role_id
      JOIN role_version asked ON asked.id = q.role_version_id
      JOIN person p ON p.id = q.requester_id
      LEFT JOIN access_grant g ON g.request_id = q.id
    ORDER BY ${order}`;
}
