import { Refused } from "#lib/domain/refusals.ts";
import { api, Reply } from "#lib/web/api.ts";
import { bySlug, editedRole } from "#lib/web/api-schemas.ts";
import { Problem } from "#lib/web/problem.ts";
import { specOf } from "#lib/web/role-spec.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { publishRole } from "#lib/usecases/publish-role.ts";

export const GET = api({
  scope: "roles:read",
  params: bySlug,
  run: async ({ viewer, db }, { params }) => {
    const role = await roleSeenBy(viewer, params.slug, { db });
    if (!role) throw new Refused("role-unknown");
    return new Reply(role, { etag: `"${role.version}"` });
  },
});

export const PUT = api({
  scope: "roles:write",
  params: bySlug,
  body: editedRole,
  run: async ({ actor, db, request }, { params: { slug }, body: { spec, reason } }) => {
    const [, version] = /^"?(\d{1,9})"?$/.exec(request.headers.get("if-match") ?? "") ?? [];
    if (!version)
      throw new Problem(
        428,
        "if-match-missing",
        'Send the version that you looked at: If-Match: "3". Nothing was changed.',
      );
    const input = { slug, spec: await specOf(spec, db), reason, expectedVersion: Number(version) };
    return publishRole(actor, input, { db });
  },
});
