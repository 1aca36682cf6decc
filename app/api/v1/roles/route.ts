import { api } from "#lib/web/api.ts";
import { newRole } from "#lib/web/api-schemas.ts";
import { specOf } from "#lib/web/role-spec.ts";
import { rolesFor } from "#lib/queries/roles-for.ts";
import { createRole } from "#lib/usecases/create-role.ts";

export const GET = api({
  scope: "roles:read",
  run: async ({ viewer, db }) => ({ items: await rolesFor(viewer, { db }), nextCursor: null }),
});

export const POST = api({
  scope: "roles:write",
  body: newRole,
  status: 201,
  run: async ({ actor, db }, { body: { slug, spec, reason } }) =>
    createRole(actor, { slug, spec: await specOf(spec, db), reason }, { db }),
});
