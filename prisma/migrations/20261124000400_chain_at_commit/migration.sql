-- The chain's end is locked while the transaction commits and not before: a lock that is held over round trips to a busy
-- client makes every writer as slow as that client. What a transaction says waits here until its commit chains it.
CREATE TABLE change_pending (
  position bigserial PRIMARY KEY,
  body text NOT NULL
);

CREATE OR REPLACE FUNCTION append_changes(bodies text[]) RETURNS bigint LANGUAGE sql AS $$
  SELECT commit_soon();
  INSERT INTO change_pending (body) SELECT body FROM unnest(bodies) WITH ORDINALITY AS b(body, n) ORDER BY n;
  SELECT count(*) FROM unnest(bodies);
$$;

-- Chains one change. Each body is the canonical JSON (RFC 8785); the columns beside it are read out of it here, so they
-- cannot say something else.
--   content_hash = SHA-256(body)
--   hash         = SHA-256(previous hash || seq as 8 bytes, big-endian || content_hash)
CREATE FUNCTION chain_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head chain_head;
  said jsonb := NEW.body::jsonb;
  content bytea := sha256(convert_to(NEW.body, 'UTF8'));
  next_hash bytea;
BEGIN
  SELECT * INTO STRICT head FROM chain_head WHERE id = 1 FOR UPDATE;
  next_hash := sha256(head.hash || int8send(head.seq + 1) || content);
  INSERT INTO change (seq, id, at, kind, actor_kind, actor_id, actor_name, via, person_id, role_id, request_id,
                      grant_id, binding_id, cause_id, why, body, content_hash, prev_hash, hash)
  VALUES (head.seq + 1, (said->>'id')::uuid, (said->>'at')::timestamptz, said->>'kind', said#>>'{actor,kind}',
          (said#>>'{actor,id}')::uuid, said#>>'{actor,name}', said#>>'{actor,via}', (said->>'personId')::uuid,
          (said->>'roleId')::uuid, (said->>'requestId')::uuid, (said->>'grantId')::uuid, (said->>'bindingId')::uuid,
          (said->>'causeId')::uuid, said->>'why', NEW.body, content, head.hash, next_hash);
  UPDATE chain_head SET seq = head.seq + 1, hash = next_hash WHERE id = 1;
  DELETE FROM change_pending WHERE position = NEW.position;
  PERFORM pg_notify('daypass_change', json_build_object('seq', head.seq + 1, 'kind', said->>'kind',
    'personId', said->>'personId', 'roleId', said->>'roleId', 'requestId', said->>'requestId',
    'grantId', said->>'grantId')::text);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER chained_at_commit AFTER INSERT ON change_pending DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION chain_change();
