import "server-only";
import type { Level, Place } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { grantVisibleTo } from "./grants-seen-by.ts";
import { ownedRoles, visibleRole } from "./visible.ts";

export type PlaceDetail = {
  /** Roles in force that give it, as far as the viewer may see them. */
  readonly roles: readonly { readonly slug: string; readonly name: string; readonly level: Level }[];
  /** Open grants that reach it, likewise. */
  readonly open: readonly GrantCard[];
  /** Since when the provider says that there is no such place. */
  readonly missingSince: Date | null;
  readonly now: Date;
};

const OPEN_MAX = 100;

/**
 * One place at a provider: which roles give it and who has it now. Seen by whoever sees a role that gives it, owns a role
 * that ever did, or had it; by admins and auditors. Null when there is none to see.
 */
export async function placeSeenBy(viewer: Viewer, place: Place, { db }: { db: Db }): Promise<PlaceDetail | null> {
  const roles = await db.$queryRaw<PlaceDetail["roles"]>`
    SELECT r.slug, v.name, e.level FROM entitlement e
      JOIN role_version v ON v.id = e.role_version_id
      JOIN role r ON r.id = v.role_id AND r.current_version = v.version
    WHERE ${isAt(place, Prisma.sql`e`)} AND ${visibleRole(viewer)} ORDER BY v.name, r.slug`;
  if (roles.length === 0 && !(await isKnownTo(viewer, place, db))) return null;
  const [[state], open] = await Promise.all([
    db.$queryRaw<[Pick<PlaceDetail, "missingSince" | "now">]>`
      SELECT daypass_now() AS now,
        (SELECT m.missing_since FROM managed_place m WHERE ${isAt(place, Prisma.sql`m`)}) AS "missingSince"`,
    grantCards(db, Prisma.sql`g.closed_at IS NULL AND ${reaches(place)} AND ${grantVisibleTo(viewer)}`, OPEN_MAX),
  ]);
  return { roles, open, ...state };
}

async function isKnownTo(viewer: Viewer, place: Place, db: Db): Promise<boolean> {
  const { personId } = viewer;
  const owned = Prisma.sql`v.role_id IN ${ownedRoles(personId)}`;
  const [row] = await db.$queryRaw<[{ isKnown: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM entitlement e JOIN role_version v ON v.id = e.role_version_id
        WHERE ${isAt(place, Prisma.sql`e`)} AND (${seesAll(viewer)} OR ${owned}))
      OR EXISTS (SELECT 1 FROM binding b
        WHERE ${isBoundTo(place)} AND (${seesAll(viewer)} OR b.person_id = ${personId}::uuid)) AS "isKnown"`;
  return row.isKnown;
}

function reaches(place: Place): Prisma.Sql {
  return Prisma.sql`g.id IN (SELECT gb.grant_id FROM grant_binding gb JOIN binding b ON b.id = gb.binding_id
    WHERE ${isBoundTo(place)} AND gb.level IS NOT NULL)`;
}

/** Roles from before a place had one spelling may call it otherwise than the bindings. */
function isBoundTo({ connection, kind, target }: Place): Prisma.Sql {
  return Prisma.sql`b.connection = ${connection} AND b.kind = ${kind}
    AND b.target = (SELECT spelling_of(${connection}, ${kind}, ${target}))`;
}

function isAt({ connection, kind, target }: Place, table: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${table}.connection = ${connection} AND ${table}.kind = ${kind} AND ${table}.target = ${target}`;
}
