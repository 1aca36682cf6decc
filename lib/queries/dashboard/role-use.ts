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
    WITH use AS (
      SELECT role_id, count(*) FILTER (WHERE active_at >= ${since})::int AS grants,
        count(DISTINCT person_id) FILTER (WHERE active_at >= ${since})::int AS people, max(active_at) AS last_used_at
      FROM access_grant WHERE active_at IS NOT NULL GROUP BY role_id
    ), watched AS (
      SELECT r.slug AS role, v.name AS "roleName", og.path AS "ownerGroup", COALESCE(u.grants, 0) AS grants,
        COALESCE(u.people, 0) AS people, u.last_used_at AS "lastUsedAt", r.created_at AS "createdAt"
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
