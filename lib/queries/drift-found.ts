import "server-only";
import type { Drift, Seen } from "../domain/binding.ts";
import type { Place } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedGroups } from "./visible.ts";

export type DriftRow = Place & {
  readonly bindingId: string;
  readonly personName: string;
  readonly drift: Drift;
  readonly driftAt: Date;
  readonly confirmed: Seen | null;
  readonly seen: Seen | null;
  readonly grantId: string | null;
};

/** Places where somebody changed by hand what a live grant holds. Owners see those of their roles. */
export async function driftFound(viewer: Viewer, { db }: { db: Db }): Promise<DriftRow[]> {
  const open = Prisma.sql`FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
    WHERE gb.binding_id = b.id AND g.closed_at IS NULL`;
  const mine = Prisma.sql`EXISTS (SELECT 1 FROM grant_binding gb
    JOIN access_grant g ON g.id = gb.grant_id
    JOIN role r ON r.id = g.role_id
    JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE gb.binding_id = b.id AND v.owner_group_id IN ${ownedGroups(viewer)})`;
  return db.$queryRaw<DriftRow[]>`
    SELECT b.id AS "bindingId", p.name AS "personName", b.connection, b.kind, b.target, b.drift,
      b.drift_at AS "driftAt", b.confirmed, b.seen, (SELECT g.id ${open} ORDER BY g.id DESC LIMIT 1) AS "grantId"
    FROM binding b JOIN person p ON p.id = b.person_id
    WHERE b.drift IS NOT NULL AND ${seesAll(viewer) ? Prisma.sql`true` : mine}
    ORDER BY b.drift_at DESC LIMIT 200`;
}
