import { api } from "#lib/web/api.ts";
import { newRole, rolesQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { specOf } from "#lib/web/role-spec.ts";
import { rolesFor } from "#lib/queries/roles-for.ts";
import { createRole } from "#lib/usecases/create-role.ts";

export const GET = api({
  scope: "roles:read",
  query: rolesQuery,
  run: async ({ viewer, db }, { query: { cursor = "", limit } }) => {
    const roles = await rolesFor(viewer, { db });
    // By slug, which never changes: a role that is renamed or hidden meanwhile moves no page.
    const rest = roles.filter((role) => role.slug > cursor).sort((a, b) => (a.slug < b.slug ? -1 : 1));
    return pageOf(rest, limit, (role) => role.slug);
  },
});

export const POST = api({
  scope: "roles:write",
  body: newRole,
  status: 201,
  run: async ({ actor, db }, { body: { slug, spec, reason } }) =>
    createRole(actor, { slug, spec: await specOf(spec, db), reason }, { db }),
});
