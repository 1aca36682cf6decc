import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import { Prisma } from "../db/generated/client.ts";

/** Groups that the viewer owns at the provider. */
export function ownedGroups(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`(SELECT m.group_id FROM group_member m WHERE m.person_id = ${viewer.personId}::uuid AND m.is_owner)`;
}

/** Groups that the viewer is in. */
export function groupsOf(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`(SELECT m.group_id FROM group_member m WHERE m.person_id = ${viewer.personId}::uuid)`;
}

/** Roles whose owner group, in the version in force, this person owns: a table with one column, `id`. */
export function ownedRoles(personId: string): Prisma.Sql {
  return Prisma.sql`(SELECT r.id FROM group_member m
    JOIN role_version v ON v.owner_group_id = m.group_id
    JOIN role r ON r.id = v.role_id AND r.current_version = v.version
    WHERE m.person_id = ${personId}::uuid AND m.is_owner)`;
}

/** Roles in force (`v`) that the viewer may see: to ask for, to own, or to watch over. */
export function visibleRole(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(v.requester_group_id IN ${groupsOf(viewer)} OR v.owner_group_id IN ${ownedGroups(viewer)})`;
}

/** Requests (`q`) and grants of others are seen by the owners of the role in force (`v`), admins and auditors. */
export function visibleTo(viewer: Viewer, personColumn: Prisma.Sql): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(${personColumn} = ${viewer.personId}::uuid OR v.owner_group_id IN ${ownedGroups(viewer)})`;
}

/** What the SQL function `entitlements_of` gives, written out: in a list a function call per row costs more than the row. */
export function entitlementsOf(versionColumn: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT COALESCE(json_agg(json_build_object('connection', e.connection, 'kind', e.kind,
    'target', e.target, 'level', e.level) ORDER BY e.connection DESC, e.kind, e.target), '[]')
    FROM entitlement e WHERE e.role_version_id = ${versionColumn})`;
}
