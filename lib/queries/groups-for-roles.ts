import "server-only";
import type { Db } from "../db/client.ts";

/** Paths of the groups that may own roles or ask for them: those that the directory lists. */
export async function groupsForRoles({ db }: { db: Db }): Promise<string[]> {
  const groups = await db.group.findMany({
    where: { missingSince: null },
    select: { path: true },
    orderBy: { path: "asc" },
  });
  return groups.map((group) => group.path);
}
