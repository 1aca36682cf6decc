import { Refused } from "#lib/domain/refusals.ts";
import { api } from "#lib/web/api.ts";
import { bySlug } from "#lib/web/api-schemas.ts";
import { roleVersions } from "#lib/queries/role-versions.ts";

export const GET = api({
  scope: "roles:read",
  params: bySlug,
  run: async ({ viewer, db }, { params }) => {
    const items = await roleVersions(viewer, params.slug, { db });
    if (!items) throw new Refused("role-unknown");
    return { items, nextCursor: null };
  },
});
