import "server-only";
import type { Drift, Seen } from "../domain/binding.ts";
import type { Place } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedRoles } from "./visible.ts";

export type DriftRow = Place & {
  readonly bindingId: string;
  readonly personName: string;
  readonly drift: Drift;
  readonly driftAt: Date;
  readonly confirmed: Seen | null;
  readonly seen: Seen | null;
  readonly grantId: string | null;
};

/** Whether there is anything that the viewer would be shown drift of. */
export async function mayLookForDrift(viewer: Viewer, { db }: { db: Db }): Promise<boolean> {
  if (seesAll(viewer)) return true;
  const [row] = await db.$queryRaw<[{ owns: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM ${ownedRoles(viewer.personId)} AS owned) AS owns`;
  return row.owns;
}

/** Places where somebody changed by hand what a live grant holds. Owners see those of their roles. */
export async function driftFound(viewer: Viewer, { db }: { db: Db }): Promise<DriftRow[]> {
  const all = seesAll(viewer);
  const mine = all
    ? Prisma.sql`true`
    : Prisma.sql`g.role_id IN (SELECT owned.id FROM ${ownedRoles(viewer.personId)} AS owned)`;
  return db.$queryRaw<DriftRow[]>`
    SELECT b.id AS "bindingId", p.name AS "personName", b.connection, b.kind, b.target, b.drift,
      b.drift_at AS "driftAt", b.confirmed, b.seen, open.id AS "grantId"
    FROM binding b
      JOIN person p ON p.id = b.person_id
      LEFT JOIN LATERAL (SELECT g.id FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
        WHERE gb.binding_id = b.id AND g.closed_at IS NULL AND ${mine} ORDER BY g.id DESC LIMIT 1) open ON true
    WHERE b.drift IS NOT NULL AND (${all} OR open.id IS NOT NULL)
    ORDER BY b.drift_at DESC LIMIT 200`;
}
