import { api } from "#lib/web/api.ts";

export const GET = api({
  scope: null,
  run: async ({ viewer: { personId, name, email, isAdmin, isAuditor } }) => ({
    id: personId,
    name,
    email,
    isAdmin,
    isAuditor,
  }),
});
