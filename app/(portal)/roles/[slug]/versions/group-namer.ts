import type { VersionRow } from "#lib/queries/role-versions.ts";

/** Names the groups that these versions go by. */
export function groupNamer(versions: readonly VersionRow[]): (id: string) => string {
  const paths = new Map(
    versions.flatMap((row) => [
      [row.ownerGroupId, row.ownerGroup] as const,
      [row.requesterGroupId, row.requesterGroup] as const,
    ]),
  );
  return (id) => paths.get(id) ?? "another group";
}
