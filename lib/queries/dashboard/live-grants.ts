import "server-only";
import type { GrantState } from "../../domain/grant.ts";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { Prisma } from "../../db/generated/client.ts";
import { watches } from "../watched.ts";

export type LiveGrant = {
  readonly id: string;
  readonly person: string;
  readonly role: string;
  readonly roleName: string;
  readonly state: GrantState;
  /** When its access began, or is to begin. */
  readonly since: Date;
  /** When its access stops being wanted. */
  readonly until: Date;
};

export type LiveGrants = {
  /** Grants that give access now, are being set up, or are not proved gone yet. */
  readonly count: number;
  readonly scheduled: number;
  /** Those that end first. */
  readonly items: readonly LiveGrant[];
};

type Row = LiveGrant & { readonly count: number; readonly scheduled: number };

/** Who holds what now and until when, of the roles that the viewer watches over; those that end first come first. */
export async function liveGrants(viewer: Viewer, { most }: { most: number }, { db }: { db: Db }): Promise<LiveGrants> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT g.id, p.name AS person, r.slug AS role, v.name AS "roleName", g.state,
      COALESCE(g.active_at, g.starts_at) AS since, LEAST(g.ending_at, g.ends_at) AS until,
      count(*) FILTER (WHERE g.state <> 'SCHEDULED') OVER ()::int AS count,
      count(*) FILTER (WHERE g.state = 'SCHEDULED') OVER ()::int AS scheduled
    FROM access_grant g
      JOIN person p ON p.id = g.person_id
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.id = g.role_version_id
    WHERE g.closed_at IS NULL AND ${watches(viewer)(Prisma.sql`g.role_id`)}
    ORDER BY g.state = 'SCHEDULED', LEAST(g.ending_at, g.ends_at), g.id LIMIT ${most}`;
  return {
    count: rows[0]?.count ?? 0,
    scheduled: rows[0]?.scheduled ?? 0,
    items: rows.filter(({ state }) => state !== "SCHEDULED").map(({ count: _, scheduled: __, ...grant }) => grant),
  };
}
