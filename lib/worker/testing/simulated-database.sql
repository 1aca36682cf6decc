-- What makes a migrated database one whose time is a value: `clock_timestamp()` in our functions and queries means the one
-- here, because this schema comes before PostgreSQL's own. A sequence holds it, for a sequence is read by everybody at
-- once, whatever snapshot they look at.
CREATE SCHEMA simulated;
CREATE SEQUENCE simulated.ms;

CREATE FUNCTION simulated.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT 'epoch'::timestamptz + (SELECT last_value FROM simulated.ms) * interval '1 millisecond'
$$;

-- Not immutable, or PostgreSQL would call it for each value rather than take its expression in its place.
CREATE FUNCTION simulated.in_ms(at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (date_part('epoch', at) * 1000)::bigint
$$;

-- The queue loses everything: wake-ups that come, come as moves of a history.
CREATE OR REPLACE FUNCTION graphile_worker.add_jobs(specs graphile_worker.job_spec[], job_key_preserve_run_at boolean DEFAULT false)
  RETURNS SETOF graphile_worker._private_jobs LANGUAGE sql AS $$
  SELECT * FROM graphile_worker._private_jobs WHERE false
$$;

-- Nobody searches here.
DROP INDEX change_words_idx;

-- What only grows elsewhere is emptied here between two histories.
DROP TRIGGER only_grows ON receipt;
DROP TRIGGER only_grows ON change;
DROP TRIGGER only_grows ON role_version;
DROP TRIGGER only_grows ON entitlement;
DROP TRIGGER only_grows ON decision;

-- Roles get wider here as soon as an owner says so, like in the sandbox.
INSERT INTO four_eyes (id, needed) VALUES (1, false);

-- Empties everything that a history fills and founds the company anew. The chain of the history goes on where it was.
CREATE FUNCTION simulated.start_over(company jsonb, at_ms bigint) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  PERFORM setval('simulated.ms', at_ms);
  PERFORM set_config('session_replication_role', 'replica', true);
  DELETE FROM receipt; DELETE FROM change; DELETE FROM change_pending; DELETE FROM grant_binding; DELETE FROM binding;
  DELETE FROM access_grant; DELETE FROM decision; DELETE FROM access_request; DELETE FROM entitlement;
  DELETE FROM role_version; DELETE FROM role; DELETE FROM group_member; DELETE FROM access_group;
  DELETE FROM provider_account; DELETE FROM connection; DELETE FROM worker_heartbeat; DELETE FROM person;
  DELETE FROM removal_budget; DELETE FROM graphile_worker._private_jobs;
  PERFORM set_config('session_replication_role', 'origin', true);

  INSERT INTO connection (name, provider) SELECT name, name FROM unnest(ARRAY['gitlab', 'aws']) name;
  INSERT INTO access_group (id, connection, external_id, path, name)
    VALUES ((company->>'groupId')::uuid, 'gitlab', '1', 'acme/everybody', 'Everybody');
  INSERT INTO person (id, issuer, subject, email, name, username)
    SELECT id, 'simulated', account, name, name, name
    FROM jsonb_to_recordset(company->'people') AS p(id uuid, name text, account text);
  INSERT INTO provider_account (person_id, connection, external_id, username, seen_at)
    SELECT p.id, c.name, p.account, p.name, clock_timestamp()
    FROM jsonb_to_recordset(company->'people') AS p(id uuid, name text, account text), connection c;
  INSERT INTO group_member (group_id, person_id, is_owner)
    SELECT (company->>'groupId')::uuid, id, "isOwner"
    FROM jsonb_to_recordset(company->'people') AS p(id uuid, "isOwner" bool);
  INSERT INTO role (id, slug, current_version, created_at)
    SELECT id, slug, 1, clock_timestamp() FROM jsonb_to_recordset(company->'roles') AS r(id uuid, slug text);
  INSERT INTO role_version (id, role_id, version, name, summary, owner_group_id, requester_group_id, approvals_needed,
      max_minutes, decide_within_minutes, reason, published_at)
    SELECT "versionId", id, 1, slug, '', (company->>'groupId')::uuid, (company->>'groupId')::uuid, 1, 600, 60, 'founded',
      clock_timestamp()
    FROM jsonb_to_recordset(company->'roles') AS r(id uuid, "versionId" uuid, slug text);
  INSERT INTO entitlement (id, role_version_id, connection, kind, target, level)
    SELECT gen_random_uuid(), r."versionId", e.connection, e.kind, e.target, e.level
    FROM jsonb_to_recordset(company->'roles') AS r("versionId" uuid, entitlements jsonb),
      jsonb_to_recordset(r.entitlements) AS e(connection text, kind text, target text, level text);
  RETURN simulated.look(0, at_ms);
END $$;

-- Sets the clock and gives all rows that promises are about, and the changes after one of the chain. Times are
-- milliseconds. Called after every step: planned once, it takes half of the time.
CREATE FUNCTION simulated.look(after bigint, at_ms bigint) RETURNS json LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM setval('simulated.ms', at_ms);
  RETURN json_build_object(
      'now', simulated.in_ms(daypass_now()),
      'head', (SELECT json_build_object('seq', seq, 'hash', encode(hash, 'hex')) FROM chain_head),
      'unchained', (SELECT count(*) FROM change_pending),
      'people', (SELECT json_object_agg(id, deactivated_at IS NOT NULL) FROM person),
      'roles', (SELECT json_object_agg(id, current_version) FROM role),
      'requests', (SELECT json_agg(json_build_object('id', id, 'state', state, 'roleId', role_id,
        'requesterId', requester_id) ORDER BY id) FROM access_request),
      'grants', (SELECT json_agg(json_build_object('id', g.id, 'personId', g.person_id, 'state', g.state,
        'startsAt', simulated.in_ms(g.starts_at), 'endsAt', simulated.in_ms(g.ends_at), 'closed', g.closed_at IS NOT NULL,
        'isLater', g.starts_at > q.closed_at) ORDER BY g.id) FROM access_grant g JOIN access_request q ON q.id = g.request_id),
      'shares', (SELECT json_agg(json_build_object('grantId', grant_id, 'bindingId', binding_id, 'level', level,
        'applied', applied_at IS NOT NULL, 'gone', gone_at IS NOT NULL) ORDER BY grant_id, binding_id)
        FROM grant_binding),
      'bindings', (SELECT json_agg(json_build_object('id', id, 'personId', person_id, 'kind', kind, 'target', target,
        'baseline', baseline, 'intended', intended, 'confirmed', confirmed, 'drift', drift, 'dueAt', simulated.in_ms(due_at),
        'leasedBy', leased_by, 'leasedUntil', simulated.in_ms(leased_until), 'fence', fence, 'seenAt', simulated.in_ms(seen_at)) ORDER BY id) FROM binding),
      'receipts', (SELECT json_agg(json_build_object('id', id, 'bindingId', binding_id, 'worker', worker) ORDER BY id)
        FROM receipt),
      'changes', (SELECT json_agg(json_build_object('seq', seq, 'kind', kind, 'grantId', grant_id, 'requestId', request_id,
        'roleId', role_id, 'personId', person_id, 'body', body, 'prevHash', encode(prev_hash, 'hex'),
        'hash', encode(hash, 'hex')) ORDER BY seq) FROM change WHERE seq > after));
END $$;
