-- The words of a text, as the search of the history knows them: parted at every sign, in lower case, each once.
CREATE FUNCTION words_in(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT tsvector_to_array(to_tsvector('pg_catalog.simple', translate(said, '/-._@:<>&=\', '           ')))
$$;

-- What one entry is found by: the words of what it says, and whom and what it is about. Each begins with the number of the
-- thousands of entries that it is among, so that a search reads the newest first and stops when it has enough: how many
-- older ones it would also find costs nothing. Made of the row itself, so it follows the row.
CREATE FUNCTION change_words(seq bigint, kind text, actor_id uuid, person_id uuid, role_id uuid, request_id uuid,
                             grant_id uuid, body text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = public, pg_temp AS $$
DECLARE
  said jsonb := body::jsonb;
  among text := lpad(to_hex(seq >> 12), 6, '0');
BEGIN
  RETURN array_to_tsvector(ARRAY(
    SELECT among || left(word, 100) FROM unnest(words_in(concat_ws(' ', kind, said#>>'{actor,name}', said->>'why',
      jsonb_path_query_array(jsonb_build_array(said->'about', said->'before', said->'after'),
        '$.** ? (@.type() == "string" && !(@ like_regex "^([0-9a-f]{8}-[0-9a-f]{4}-|[0-9]{4}-[0-9]{2}-[0-9]{2}T)"))')::text
      ))) AS word
    UNION ALL
    SELECT among || key FROM unnest(ARRAY['=kind:' || kind, '=actor:' || actor_id, '=person:' || person_id,
      '=role:' || role_id, '=request:' || request_id, '=grant:' || grant_id]) AS key WHERE key IS NOT NULL
    UNION ALL
    SELECT among || key FROM jsonb_path_query(said, '$.** ? (exists(@.target) && exists(@.kind))') AS place,
      unnest(ARRAY['=target:' || (place->>'target'), '=provider:' || split_part(place->>'kind', '-', 1)]) AS key
      WHERE key IS NOT NULL));
END $$;

CREATE INDEX change_words_idx ON change
  USING gin (change_words(seq, kind, actor_id, person_id, role_id, request_id, grant_id, body)) WITH (fastupdate = off);
-- How often each word occurs decides nothing here, and counting it would make every ANALYZE slow.
ALTER INDEX change_words_idx ALTER COLUMN 1 SET STATISTICS 0;
