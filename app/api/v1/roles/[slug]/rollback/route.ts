import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { bySlug, rollback } from "#lib/web/api-schemas.ts";
import { previewRollback } from "#lib/queries/preview-publication.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { rollbackRole } from "#lib/usecases/rollback-role.ts";

export const POST = api({
  scope: "roles:write",
  params: bySlug,
  body: rollback,
  run: async ({ viewer, actor, db }, { params: { slug }, body: { version, dryRun, reason, expectedVersion } }) => {
    if (!dryRun) {
      const why = reason ?? `Back to version ${version}`;
      return rollbackRole(actor, { slug, version, reason: why, expectedVersion }, { db });
    }
    const role = await roleSeenBy(viewer, slug, { db });
    if (!role) throw new Refused("role-unknown");
    if (!role.mayEdit) throw new Refused("not-allowed");
    const preview = await previewRollback(viewer, slug, version, { db });
    if (!preview) throw new Refused("role-version-unknown", "version");
    const { differences, waiting, narrowings } = preview;
    return { expectedVersion: preview.expectedVersion, differences, waiting, narrowings };
  },
});
