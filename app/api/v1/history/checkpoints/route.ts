import { api } from "#lib/web/api.ts";
import { checkpointsQuery } from "#lib/web/api-schemas.ts";
import { pageOf } from "#lib/web/page-of.ts";
import { checkpoints, publicKeys } from "#lib/queries/signatures.ts";

export const GET = api({
  scope: "history:read",
  query: checkpointsQuery,
  run: async ({ db }, { query: { cursor, limit } }) => {
    const [keys, rows] = await Promise.all([
      publicKeys({ db }),
      checkpoints({ before: cursor, limit: limit + 1 }, { db }),
    ]);
    return { keys: keys.map((key) => ({ ...key, algorithm: "Ed25519" })), ...pageOf(rows, limit, ({ seq }) => seq) };
  },
});
