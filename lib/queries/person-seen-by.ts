import "server-only";
import { validate as isUuid } from "uuid";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { grantVisibleTo } from "./grants-seen-by.ts";
import { ownedRoles } from "./visible.ts";

export type PersonDetail = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly username: string;
  readonly isAdmin: boolean;
  readonly isAuditor: boolean;
  readonly deactivatedAt: Date | null;
  readonly now: Date;
  /** What the viewer may see of what they hold, and of what ended lately. */
  readonly open: readonly GrantCard[];
  readonly ended: readonly GrantCard[];
};

const OPEN_MAX = 50;
const LATELY = 10;

/**
 * One person with what the viewer may see of their access. Owners see whoever ever asked for a role of theirs, everybody
 * themselves, admins and auditors all. Null when there is nobody to see.
 */
export async function personSeenBy(viewer: Viewer, personId: string, { db }: { db: Db }): Promise<PersonDetail | null> {
  if (!isUuid(personId)) return null;
  const [person] = await db.$queryRaw<Omit<PersonDetail, "open" | "ended">[]>`
    SELECT p.id, p.name, p.email, p.username, p.is_admin AS "isAdmin", p.is_auditor AS "isAuditor",
      p.deactivated_at AS "deactivatedAt", daypass_now() AS now
    FROM person p WHERE p.id = ${personId}::uuid AND ${isBusinessOf(viewer)}`;
  if (!person) return null;
  const visible = Prisma.sql`g.person_id = ${person.id}::uuid AND ${grantVisibleTo(viewer)}`;
  const [open, ended] = await Promise.all([
    grantCards(db, Prisma.sql`${visible} AND g.closed_at IS NULL`, OPEN_MAX),
    grantCards(db, Prisma.sql`${visible} AND g.closed_at IS NOT NULL`, LATELY),
  ]);
  return { ...person, open, ended };
}

function isBusinessOf(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(p.id = ${viewer.personId}::uuid OR EXISTS (SELECT 1 FROM access_request q
    WHERE q.requester_id = p.id AND q.role_id IN ${ownedRoles(viewer.personId)}))`;
}
