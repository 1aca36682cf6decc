import type { AccessCase } from "../domain/unknown-access.ts";
import type { Level, Place } from "../domain/entitlement.ts";
import type { Tx } from "./client.ts";
import type { Entry } from "./record.ts";
import type { GivingRole } from "./roles-giving.ts";

/** One finding of access behind no grant, as deciding about it needs it. */
export type AccessRow = AccessCase &
  Place & {
    readonly id: string;
    readonly username: string;
    readonly level: Level | null;
    readonly until: string | null;
    readonly keptUntil: Date | null;
    /** Whose account it is, where that is known here. */
    readonly personId: string | null;
    readonly personName: string | null;
    readonly roles: readonly GivingRole[];
    readonly now: Date;
  };

/** Locks the finding until the transaction ends. */
export async function readAccessCase(tx: Tx, accessId: string): Promise<AccessRow | null> {
  const [row] = await tx.$queryRaw<AccessRow[]>`
    SELECT u.id, m.connection, m.kind, m.target, u.username, u.level, u.until, u.gone_at AS "goneAt",
      u.kept_until AS "keptUntil", u.removal_asked_at AS "removalAskedAt", p.id AS "personId", p.name AS "personName",
      COALESCE((SELECT json_agg(json_build_object('id', g.role_id, 'slug', g.role_slug) ORDER BY g.role_slug)
        FROM given_places() g WHERE g.connection = m.connection AND g.kind = m.kind AND g.target = m.target), '[]')
        AS roles,
      ARRAY(SELECT DISTINCT unnest(owners_of(g.owner_group_id)) FROM given_places() g
        WHERE g.connection = m.connection AND g.kind = m.kind AND g.target = m.target) AS "ownerIds",
      daypass_now() AS now
    FROM unknown_access u
      JOIN managed_place m ON m.id = u.place_id
      LEFT JOIN provider_account a ON a.connection = m.connection AND a.external_id = u.external_id
      LEFT JOIN person p ON p.id = a.person_id
    WHERE u.id = ${accessId}::uuid FOR UPDATE OF u`;
  return row ?? null;
}

type Named = Pick<AccessRow, "personId" | "personName" | "roles" | "username" | "connection" | "kind" | "target">;
type Told = Omit<Entry, "about" | "personId" | "roleId"> & { readonly about?: Entry["about"] };

/** What is told about such access: once for each role that gives the place, and once for a place that none gives any more. */
export function accessEntries(row: Named, { about: more = {}, id, ...told }: Told): Entry[] {
  const { personId, personName: person, roles, username: account, connection, kind, target } = row;
  const about = { person, account, connection, kind, target, ...more };
  const [first, ...others] = roles.map(({ id: roleId, slug }) => ({
    ...told,
    about: { ...about, role: slug },
    personId,
    roleId,
  }));
  // Only one entry can be what others name as their cause.
  return [{ ...(first ?? { ...told, about, personId }), ...(id ? { id } : {}) }, ...others];
}

/** The access itself, in the form of a standing. */
export function accessSeen({ level, until }: Pick<AccessRow, "level" | "until">) {
  return { state: "present", level: level ?? "unknown level", until };
}
