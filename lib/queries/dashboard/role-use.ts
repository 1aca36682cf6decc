import "server-only";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { Prisma } from "../../db/generated/client.ts";
import { watches } from "../watched.ts";

export type UsedRole = {
  readonly role: string;
  readonly roleName: string;
  readonly ownerGroup: string;
  /** Grants whose access began in the range, and how many people they were of. */
  readonly grants: number;
  readonly people: number;
  /** When access through it last began; null: never. */
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
};

export type RoleUse = {
  readonly roles: number;
  readonly unusedCount: number;
  /** The most used first. */
  readonly used: readonly UsedRole[];
  /** Without a grant in the range: first those never used, the oldest first, then those longest not used. */
  readonly unused: readonly UsedRole[];
};

type Row = UsedRole & { readonly roles: number; readonly unusedCount: number };

/** Which of the roles that the viewer watches over are used, and which are not. */
export async function roleUse(
  viewer: Viewer,
  { since, most }: { since: Date; most: number },
  { db }: { db: Db },
): Promise<RoleUse> {
  const rows = await db.$queryRaw<Row[]>`
    WITH held AS (
      SELECT role_id, person_id, count(*)::int AS grants, max(active_at) AS last_used_at
      FROM access_grant WHERE active_at >= ${since} AND (closed_at IS NULL OR closed_at > ${since})
      GROUP BY role_id, person_id
    ), use AS (
      SELECT role_id, sum(grants)::int AS grants, count(*)::int AS people, max(last_used_at) AS last_used_at
      FROM held GROUP BY role_id
    ), watched AS (
      SELECT r.slug AS role, v.name AS "roleName", og.path AS "ownerGroup", COALESCE(u.grants, 0) AS grants,
        COALESCE(u.people, 0) AS people, r.created_at AS "createdAt",
        COALESCE(u.last_used_at, (SELECT max(active_at) FROM access_grant WHERE role_id = r.id)) AS "lastUsedAt"
      FROM role r
        JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
        JOIN access_group og ON og.id = v.owner_group_id
        LEFT JOIN use u ON u.role_id = r.id
      WHERE ${watches(viewer)(Prisma.sql`r.id`)}
    ), placed AS (
      SELECT *, count(*) OVER ()::int AS roles, count(*) FILTER (WHERE grants = 0) OVER ()::int AS "unusedCount",
        row_number() OVER (PARTITION BY grants = 0
          ORDER BY grants DESC, "lastUsedAt" NULLS FIRST, "createdAt", role) AS place
      FROM watched
    )
    SELECT * FROM placed WHERE place <= ${most} ORDER BY place`;
  const { roles = 0, unusedCount = 0 } = rows[0] ?? {};
  const [used, unused] = [rows.filter(({ grants }) => grants > 0), rows.filter(({ grants }) => grants === 0)];
  return { roles, unusedCount, used: used.map(roleOf), unused: unused.map(roleOf) };
}

function roleOf({ role, roleName, ownerGroup, grants, people, lastUsedAt, createdAt }: Row): UsedRole {
  return { role, roleName, ownerGroup, grants, people, lastUsedAt, createdAt };
}
