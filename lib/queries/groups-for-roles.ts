import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

/** Paths of the groups that the viewer may name in a role: all that the directory lists for admins, else their own. */
export async function groupsForRoles(viewer: Viewer, { db }: { db: Db }): Promise<string[]> {
  const groups = await db.group.findMany({
    where: {
      missingSince: null,
      ...(viewer.isAdmin ? {} : { members: { some: { personId: viewer.personId } } }),
    },
    select: { path: true },
    orderBy: { path: "asc" },
  });
  return groups.map((group) => group.path);
}
