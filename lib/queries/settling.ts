import "server-only";
import type { Level, Place } from "../domain/entitlement.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { visibleTo } from "./visible.ts";

/** What a change took from one grant that was live, and how far that has come. */
export type Settling = Place & {
  readonly grantId: string;
  readonly bindingId: string;
  readonly personName: string;
  readonly from: Level;
  readonly to: Level | null;
  /** When it was seen done; null while it is under way. */
  readonly settledAt: Date | null;
  readonly tries: number;
  readonly lastError: string | null;
};

/** The publication of one version of a role. */
export function publicationOf(slug: string, version: number): Prisma.Sql {
  return Prisma.sql`SELECT c.id FROM change c JOIN role r ON r.id = c.role_id
    WHERE r.slug = ${slug} AND c.kind IN ('role.published', 'role.rolled-back')
      AND c.body::jsonb #> '{about,version}' = to_jsonb(${version}::int)`;
}

/** A change, and what it caused when it is a rollback of several. */
export function changeAndCaused(id: string): Prisma.Sql {
  return Prisma.sql`SELECT c.id FROM change c WHERE c.id = ${id}::uuid OR c.cause_id = ${id}::uuid`;
}

/**
 * What these changes took from live grants that the viewer may see. A place is settled when the worker looked at it
 * afterwards and nothing is due there any more.
 */
export async function settlingOf(viewer: Viewer, changes: Prisma.Sql, { db }: { db: Db }): Promise<Settling[]> {
  const side = (name: "before" | "after") => Prisma.sql`jsonb_to_recordset(c.body::jsonb -> ${name})`;
  return db.$queryRaw<Settling[]>`
    WITH publication AS (${changes})
    SELECT g.id AS "grantId", b.id AS "bindingId", p.name AS "personName", b.connection, b.kind, b.target,
      had.level AS "from", has.level AS "to", b.tries, b.last_error AS "lastError",
      CASE WHEN has.level IS NULL THEN gb.gone_at
        WHEN b.seen_at >= c.at AND (b.due_at IS NULL OR b.due_at > daypass_now()) THEN b.seen_at END AS "settledAt"
    FROM publication
      JOIN change c ON c.cause_id = publication.id AND c.kind = 'grant.narrowed'
      CROSS JOIN LATERAL ${side("before")} AS had(connection text, kind text, target text, level text)
      JOIN LATERAL ${side("after")} AS has(connection text, kind text, target text, level text)
        ON has.connection = had.connection AND has.kind = had.kind AND has.target = had.target
      JOIN access_grant g ON g.id = c.grant_id
      JOIN person p ON p.id = g.person_id
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN binding b ON b.person_id = g.person_id AND b.connection = had.connection AND b.kind = had.kind
        AND b.target = had.target
      JOIN grant_binding gb ON gb.grant_id = g.id AND gb.binding_id = b.id
    WHERE ${visibleTo(viewer, Prisma.sql`g.person_id`)}
    ORDER BY p.name, g.id, b.connection DESC, b.target`;
}
