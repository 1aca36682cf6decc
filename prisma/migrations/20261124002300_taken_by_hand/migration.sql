-- AlterTable
ALTER TABLE "grant_binding" ADD COLUMN "taken_at" TIMESTAMPTZ(3);

-- What a hand took from a grant until now is told in that grant's history.
UPDATE grant_binding SET taken_at = told.at
FROM (SELECT grant_id, binding_id, max(at) AS at FROM change
  WHERE kind = 'binding.drifted' AND body::json #>> '{about,drift}' = 'removed-by-hand' GROUP BY grant_id, binding_id) told
WHERE told.grant_id = grant_binding.grant_id AND told.binding_id = grant_binding.binding_id AND level IS NULL;
