import "server-only";
import type { GrantState } from "../domain/grant.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { visibleTo } from "./visible.ts";

export type GrantFilter = {
  readonly mine?: boolean | undefined;
  readonly state?: GrantState | undefined;
  readonly role?: string | undefined;
  /** The id of the last grant of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** The viewer's grants and those of roles that they own or watch over, newest first. */
export async function grantsSeenBy(viewer: Viewer, filter: GrantFilter, { db }: { db: Db }): Promise<GrantCard[]> {
  const who = filter.mine ? Prisma.sql`g.person_id = ${viewer.personId}::uuid` : grantVisibleTo(viewer);
  const state = filter.state ? Prisma.sql`g.state = ${filter.state}` : Prisma.sql`true`;
  const role = filter.role ? Prisma.sql`r.slug = ${filter.role}` : Prisma.sql`true`;
  const next = filter.before ? Prisma.sql`g.id < ${filter.before}::uuid` : Prisma.sql`true`;
  return grantCards(db, Prisma.sql`${who} AND ${state} AND ${role} AND ${next}`, filter.limit);
}

/** The role version in force decides who watches over a grant, not the one that it was granted under. */
export function grantVisibleTo(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM role_version v
    WHERE v.role_id = r.id AND v.version = r.current_version AND ${visibleTo(viewer, Prisma.sql`g.person_id`)})`;
}
