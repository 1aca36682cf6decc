import type { RoleSpec } from "../domain/role.ts";
import type { Db, Tx } from "./client.ts";

/** Fields whose group of then is gone from the directory; a role cannot go by it again. */
export type LostGroups = readonly ("ownerGroupId" | "requesterGroupId")[];

/** An old version as it can be in force now: a group that is gone stays replaced by the one of today. */
export async function withKnownGroups(
  db: Db | Tx,
  old: RoleSpec,
  now: RoleSpec,
): Promise<{ spec: RoleSpec; lost: LostGroups }> {
  const gone = await db.group.findMany({
    where: { id: { in: [old.ownerGroupId, old.requesterGroupId] }, NOT: { missingSince: null } },
    select: { id: true },
  });
  const lost = (["ownerGroupId", "requesterGroupId"] as const).filter(
    (field) => old[field] !== now[field] && gone.some(({ id }) => id === old[field]),
  );
  return { spec: { ...old, ...Object.fromEntries(lost.map((field) => [field, now[field]])) }, lost };
}
