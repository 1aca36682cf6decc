import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedRoles } from "./visible.ts";

type OfRole = (roleColumn: Prisma.Sql) => Prisma.Sql;

/** Whether the viewer owns the role in a column. */
export function owns(viewer: Viewer): OfRole {
  return (role) => Prisma.sql`${role} IN (SELECT owned.id FROM ${ownedRoles(viewer.personId)} AS owned)`;
}

/** Whether the viewer owns it or watches over everything. */
export function watches(viewer: Viewer): OfRole {
  return seesAll(viewer) ? () => Prisma.sql`true` : owns(viewer);
}

/** Places (`m`) that such a role in force gives. */
export function givenBy(role: OfRole): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM given_places() g WHERE g.connection = m.connection AND g.kind = m.kind
    AND g.target = m.target AND ${role(Prisma.sql`g.role_id`)})`;
}
