import "server-only";
import type { z } from "zod";
import { Refused } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import type { roleSpec } from "./api-schemas.ts";

/** The API and the forms name groups by their path; rows go by our id. @throws Refused group-unknown */
export async function specOf(
  { ownerGroup, requesterGroup, ...rest }: z.output<typeof roleSpec>,
  db: Db,
): Promise<RoleSpec> {
  const groups = await db.group.findMany({ where: { path: { in: [ownerGroup, requesterGroup] }, missingSince: null } });
  const idOf = (path: string, field: string) => {
    const found = groups.filter((group) => group.path === path);
    if (found.length !== 1 || !found[0]) throw new Refused("group-unknown", field);
    return found[0].id;
  };
  return {
    ...rest,
    ownerGroupId: idOf(ownerGroup, "ownerGroup"),
    requesterGroupId: idOf(requesterGroup, "requesterGroup"),
  };
}
