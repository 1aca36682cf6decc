import type { AccessCase } from "../domain/unknown-access.ts";
import type { Level, Place } from "../domain/entitlement.ts";
import type { Tx } from "./client.ts";
import type { Entry } from "./record.ts";

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
    /** The first role that gives the place, for the history. */
    readonly roleId: string | null;
    readonly now: Date;
  };

/** Locks the finding until the transaction ends. */
export async function readAccessCase(tx: Tx, accessId: string): Promise<AccessRow | null> {
  const [row] = await tx.$queryRaw<AccessRow[]>`
    SELECT u.id, m.connection, m.kind, m.target, u.username, u.level, u.until, u.gone_at AS "goneAt",
      u.kept_until AS "keptUntil", u.removal_asked_at AS "removalAskedAt", p.id AS "personId", p.name AS "personName",
      (SELECT g.role_id FROM given_places() g
        WHERE g.connection = m.connection AND g.kind = m.kind AND g.target = m.target ORDER BY g.role_slug LIMIT 1)
        AS "roleId",
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

type Named = Pick<AccessRow, "personId" | "personName" | "roleId" | "username" | "connection" | "kind" | "target">;

/** What every entry of the history about such access says of it. */
export function aboutAccess(row: Named): Pick<Entry, "about" | "personId" | "roleId"> {
  const { personId, personName: person, roleId, username: account, connection, kind, target } = row;
  return { about: { person, account, connection, kind, target }, personId, roleId };
}

/** The access itself, in the form of a standing. */
export function accessSeen({ level, until }: Pick<AccessRow, "level" | "until">) {
  return { state: "present", level: level ?? "unknown level", until };
}
