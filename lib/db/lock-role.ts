import type { Actor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { Tx } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { versionsInForce, type RoleVersionCase } from "./read-role-version.ts";

export type LockedRole = {
  readonly id: string;
  readonly slug: string;
  readonly now: Date;
  readonly current: RoleVersionCase;
};

/**
 * Locks the role, so that no approval can slip in between the version it judged and the one that is being published.
 * Owners of the role's owner group and admins may edit it; to everybody else who asks it does not exist.
 */
export async function lockRoleForEditing(tx: Tx, actor: Actor, slug: string): Promise<LockedRole> {
  const [role] = await lockRoles(tx, Prisma.sql`slug = ${slug}`);
  if (!role) throw new Refused("role-unknown");
  const standing = await standingOf(tx, actor, role.current);
  if (!standing.edits) throw new Refused(standing.sees ? "not-allowed" : "role-unknown");
  return role;
}

/** Roles that fit `where`, locked in one order, with everything that a narrower version could touch. */
export async function lockRoles(tx: Tx, where: Prisma.Sql): Promise<LockedRole[]> {
  const rows = await tx.$queryRaw<Omit<LockedRole, "current">[]>`
    SELECT id, slug, daypass_now() AS now FROM role WHERE ${where} ORDER BY id FOR UPDATE`;
  const ids = rows.map(({ id }) => id);
  await lockLivePlaces(tx, ids);
  // Only now: whoever held one of them may have published meanwhile.
  const versions = await versionsInForce(tx, ids);
  return rows.flatMap((role) => {
    const current = versions.get(role.id);
    return current ? [{ ...role, current }] : [];
  });
}

/** Grants by id, then their bindings: the order of the worker, which may be settling one of them right now. */
async function lockLivePlaces(tx: Tx, roleIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT g.id FROM access_grant g
    WHERE g.role_id = ANY(${roleIds}::uuid[]) AND g.closed_at IS NULL ORDER BY g.id FOR UPDATE`;
  await tx.$queryRaw`
    SELECT b.id FROM binding b
    WHERE b.id IN (SELECT gb.binding_id FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
      WHERE g.role_id = ANY(${roleIds}::uuid[]) AND g.closed_at IS NULL)
    ORDER BY b.connection, b.kind, b.target, b.id FOR UPDATE`;
}

async function standingOf(tx: Tx, actor: Actor, { ownerGroupId, requesterGroupId }: RoleVersionCase) {
  if (actor.isAdmin) return { edits: true, sees: true };
  const [row] = await tx.$queryRaw<[{ edits: boolean; asks: boolean }]>`
    SELECT ${actor.personId}::uuid = ANY(owners_of(${ownerGroupId}::uuid)) AS edits,
      EXISTS (SELECT 1 FROM group_member
        WHERE group_id = ${requesterGroupId}::uuid AND person_id = ${actor.personId}::uuid) AS asks`;
  return { edits: row.edits, sees: actor.isAuditor || row.edits || row.asks };
}
