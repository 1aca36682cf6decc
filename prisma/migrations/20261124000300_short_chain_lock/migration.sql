-- Writers wait for each other from the append to the commit, and a commit that waits for the disk would make every other
-- writer wait for the disk too. So a transaction that writes history commits without waiting; who needs to know that it
-- is on disk flushes afterwards, many writers at once (lib/db/durably.ts).

-- Lets this transaction commit before it is on disk. After a crash of the machine it is whole or it never was.
CREATE FUNCTION commit_soon() RETURNS bool LANGUAGE sql VOLATILE AS $$
  SELECT set_config('synchronous_commit', 'off', true) = 'off'
$$;

CREATE FUNCTION commit_durably() RETURNS bool LANGUAGE sql VOLATILE AS $$
  SELECT set_config('synchronous_commit', 'on', true) = 'on'
$$;

CREATE OR REPLACE FUNCTION append_changes(bodies text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head chain_head;
  entry text;
  said jsonb;
  content bytea;
  next_hash bytea;
BEGIN
  PERFORM commit_soon();
  SELECT * INTO STRICT head FROM chain_head WHERE id = 1 FOR UPDATE;
  FOREACH entry IN ARRAY bodies LOOP
    said := entry::jsonb;
    content := sha256(convert_to(entry, 'UTF8'));
    head.seq := head.seq + 1;
    next_hash := sha256(head.hash || int8send(head.seq) || content);
    INSERT INTO change (seq, id, at, kind, actor_kind, actor_id, actor_name, via, person_id, role_id, request_id,
                        grant_id, binding_id, cause_id, why, body, content_hash, prev_hash, hash)
    VALUES (head.seq, (said->>'id')::uuid, (said->>'at')::timestamptz, said->>'kind', said#>>'{actor,kind}',
            (said#>>'{actor,id}')::uuid, said#>>'{actor,name}', said#>>'{actor,via}', (said->>'personId')::uuid,
            (said->>'roleId')::uuid, (said->>'requestId')::uuid, (said->>'grantId')::uuid, (said->>'bindingId')::uuid,
            (said->>'causeId')::uuid, said->>'why', entry, content, head.hash, next_hash);
    head.hash := next_hash;
    PERFORM pg_notify('daypass_change', json_build_object('seq', head.seq, 'kind', said->>'kind',
      'personId', said->>'personId', 'roleId', said->>'roleId', 'requestId', said->>'requestId',
      'grantId', said->>'grantId')::text);
  END LOOP;
  UPDATE chain_head SET seq = head.seq, hash = head.hash WHERE id = 1;
  RETURN head.seq;
END $$;
