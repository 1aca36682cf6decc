import "server-only";
import type { Change } from "../domain/change.ts";
import type { Level, Place } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedRoles } from "./visible.ts";

/** What one person held at one place at a moment, as the last change before it says. */
export type AccessAt = Place & {
  readonly personId: string;
  readonly person: string;
  readonly level: Level;
  /** The provider's own expiry then, in its own form. */
  readonly until: string | null;
  readonly since: Date;
  /** The change that says so. */
  readonly seq: number;
  /** Grants that were live then and reached this place. */
  readonly grants: readonly { readonly id: string; readonly role: string }[];
};

export type AccessQuestion = {
  /** Path of a group or project, name of an IAM group or role. */
  readonly place?: string | undefined;
  readonly person?: string | undefined;
  readonly at: Date;
  readonly limit: number;
};

type Row = Omit<AccessAt, "level" | "until" | "seq"> & { readonly seq: bigint; readonly body: string };

/**
 * Who held what through Daypass at a past moment, by person and place. The history answers: of each place of each person
 * the last change before that moment. Everybody sees their own, owners that of their roles, admins and auditors all.
 */
export async function accessAt(viewer: Viewer, asked: AccessQuestion, { db }: { db: Db }): Promise<AccessAt[]> {
  const place = asked.place ? Prisma.sql`b.target = ${asked.place}` : Prisma.sql`true`;
  const person = asked.person ? Prisma.sql`b.person_id = ${asked.person}::uuid` : Prisma.sql`true`;
  const rows = await db.$queryRaw<Row[]>`
    SELECT b.connection, b.kind, b.target, p.id AS "personId", p.name AS person, last.at AS since, last.seq, last.body,
      COALESCE((SELECT json_agg(json_build_object('id', g.id, 'role', r.slug) ORDER BY g.id)
        FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id JOIN role r ON r.id = g.role_id
        WHERE gb.binding_id = b.id AND g.starts_at <= ${asked.at} AND COALESCE(g.closed_at > ${asked.at}, true)), '[]')
        AS grants
    FROM binding b JOIN person p ON p.id = b.person_id
      CROSS JOIN LATERAL (
        SELECT c.seq, c.at, c.body FROM change c
        WHERE c.binding_id = b.id AND c.at <= ${asked.at} AND c.kind IN ${SAYS_WHAT_IS_HELD}
        ORDER BY c.seq DESC LIMIT 1) last
    WHERE ${place} AND ${person} AND ${mine(viewer)}
      AND last.body::jsonb #>> '{after,state}' = 'present' AND last.body::jsonb ->> 'kind' <> 'binding.restored'
    ORDER BY p.name, p.id, b.connection DESC, b.target LIMIT ${asked.limit}`;
  return rows.map(({ body, seq, ...row }) => ({ ...row, seq: Number(seq), ...heldIn(body) }));
}

/** What is put back belongs to the person: then Daypass has nothing there any more. */
const SAYS_WHAT_IS_HELD = Prisma.sql`('binding.applied', 'binding.removed', 'binding.restored', 'binding.drifted')`;

function mine(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(b.person_id = ${viewer.personId}::uuid OR EXISTS (
    SELECT 1 FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
    WHERE gb.binding_id = b.id AND g.role_id IN ${ownedRoles(viewer.personId)}))`;
}

function heldIn(body: string): { level: Level; until: string | null } {
  const { after } = JSON.parse(body) as Change & { after: { level: Level; until: string | null } };
  return { level: after.level, until: after.until };
}
