-- Time comes from the database, so that several machines agree. The offset moves it in the sandbox and in tests.
INSERT INTO clock (id, offset_ms) VALUES (1, 0);

CREATE FUNCTION daypass_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp())
         + (SELECT offset_ms FROM clock WHERE id = 1) * interval '1 millisecond'
$$;

-- When the machine's own clock will read what Daypass's clock calls `at`: the queue keeps machine time.
CREATE FUNCTION machine_time(at timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT at - (SELECT offset_ms FROM clock WHERE id = 1) * interval '1 millisecond'
$$;

CREATE FUNCTION tell_clock_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('daypass_clock', '');
  RETURN NULL;
END $$;
CREATE TRIGGER clock_moved AFTER UPDATE ON clock FOR EACH ROW EXECUTE FUNCTION tell_clock_moved();

INSERT INTO chain_head (id, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- The only way into the history. Each body is the canonical JSON (RFC 8785) of one change; the columns beside it are
-- read out of the body here, so they cannot say something else. Order comes from the lock on the chain's head, which is
-- held until commit: call this last in a transaction.
--   content_hash = SHA-256(body)
--   hash         = SHA-256(previous hash || seq as 8 bytes, big-endian || content_hash)
CREATE FUNCTION append_changes(bodies text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head chain_head;
  entry text;
  said jsonb;
  content bytea;
  next_hash bytea;
BEGIN
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

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON change FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON role_version FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON role_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON entitlement FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON entitlement FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- The lines of one role version, in a stable order.
CREATE FUNCTION entitlements_of(version_id uuid) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT COALESCE(json_agg(json_build_object('connection', connection, 'kind', kind, 'target', target, 'level', level)
    ORDER BY connection DESC, kind, target), '[]')
  FROM entitlement WHERE role_version_id = version_id
$$;

-- Who may decide for a group now: its owners at the provider who are not deactivated. Nobody, when there are none.
CREATE FUNCTION owners_of(group_id uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT p.id FROM group_member m JOIN person p ON p.id = m.person_id
    WHERE m.group_id = owners_of.group_id AND m.is_owner AND p.deactivated_at IS NULL ORDER BY p.id)
$$;

-- One open request per person and role: the second of two clicks loses.
CREATE UNIQUE INDEX access_request_one_pending ON access_request (requester_id, role_id) WHERE state = 'PENDING';

-- Takes the locks that settling one binding needs, always in this order: its open grants by id, then the binding itself.
-- Gives the fence of the lease in force.
CREATE FUNCTION lock_binding(binding uuid) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  current_fence int;
BEGIN
  PERFORM g.id FROM access_grant g JOIN grant_binding gb ON gb.grant_id = g.id
    WHERE gb.binding_id = lock_binding.binding AND g.closed_at IS NULL ORDER BY g.id FOR UPDATE OF g;
  SELECT b.fence INTO STRICT current_fence FROM binding b WHERE b.id = lock_binding.binding FOR UPDATE;
  RETURN current_fence;
END $$;
