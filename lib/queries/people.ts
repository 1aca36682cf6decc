import "server-only";
import { validate as isUuid } from "uuid";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";

export type PersonRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly username: string;
  readonly isAdmin: boolean;
  readonly isAuditor: boolean;
  readonly deactivatedAt: Date | null;
  readonly openGrants: number;
};

export type PeopleFilter = {
  /** Part of a name, an e-mail address or a user name. */
  readonly search: string;
  /** The id of the last person of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
};

/** People by name, for admins and auditors; null for everybody else. */
export async function people(viewer: Viewer, filter: PeopleFilter, { db }: { db: Db }): Promise<PersonRow[] | null> {
  if (!seesAll(viewer)) return null;
  const pattern = `%${filter.search.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const next =
    filter.after && isUuid(filter.after)
      ? Prisma.sql`(p.name, p.id) > (SELECT name, id FROM person WHERE id = ${filter.after}::uuid)`
      : Prisma.sql`true`;
  return db.$queryRaw<PersonRow[]>`
    SELECT p.id, p.name, p.email, p.username, p.is_admin AS "isAdmin", p.is_auditor AS "isAuditor",
      p.deactivated_at AS "deactivatedAt",
      (SELECT count(*)::int FROM access_grant g WHERE g.person_id = p.id AND g.closed_at IS NULL) AS "openGrants"
    FROM person p
    WHERE (p.name ILIKE ${pattern} OR p.email ILIKE ${pattern} OR p.username ILIKE ${pattern}) AND ${next}
    ORDER BY p.name, p.id LIMIT ${filter.limit}`;
}

/** The id of the one person who has exactly this user name or e-mail address; null for none and for several. */
export async function personNamed(text: string, { db }: { db: Db }): Promise<string | null> {
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM person WHERE lower(username) = lower(${text.trim()}) OR lower(email) = lower(${text.trim()}) LIMIT 2`;
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}
