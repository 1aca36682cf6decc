import "server-only";
import type { Db } from "../db/client.ts";

export type PersonRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly isAuditor: boolean;
  readonly deactivatedAt: Date | null;
  readonly openGrants: number;
};

const PAGE = 100;

/** People whose name, address or user name holds the text, by name: for admins and auditors. */
export async function people(search: string, { db }: { db: Db }): Promise<PersonRow[]> {
  const pattern = `%${search.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return db.$queryRaw<PersonRow[]>`
    SELECT p.id, p.name, p.email, p.is_admin AS "isAdmin", p.is_auditor AS "isAuditor",
      p.deactivated_at AS "deactivatedAt",
      (SELECT count(*)::int FROM access_grant g WHERE g.person_id = p.id AND g.closed_at IS NULL) AS "openGrants"
    FROM person p WHERE p.name ILIKE ${pattern} OR p.email ILIKE ${pattern} OR p.username ILIKE ${pattern}
    ORDER BY p.name, p.id LIMIT ${PAGE}`;
}
