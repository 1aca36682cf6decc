-- AlterTable
ALTER TABLE "access_request" ADD COLUMN     "redacted_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "change" ADD COLUMN     "redacted_by" UUID,
ALTER COLUMN "actor_name" DROP NOT NULL;

-- AlterTable
ALTER TABLE "change_pending" ADD COLUMN     "committed" TEXT NOT NULL;

-- AlterTable
ALTER TABLE "role_version" ADD COLUMN     "redacted_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "widening" ADD COLUMN     "redacted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "retention" (
    "id" INTEGER NOT NULL,
    "days" INTEGER,
    "run_id" UUID,
    "up_to" BIGINT NOT NULL DEFAULT 0,
    "done" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "retention_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "redaction_kept" (
    "seq" BIGINT NOT NULL,

    CONSTRAINT "redaction_kept_pkey" PRIMARY KEY ("seq")
);

INSERT INTO retention (id) VALUES (1);
ALTER TABLE retention ADD CONSTRAINT retention_days CHECK (days >= 30);

-- Whether `committed` is the body with every field that it calls personal replaced by SHA-256(salt || path || 0 || value).
-- A body without personal fields is its own committed form.
CREATE FUNCTION is_committed_form(body jsonb, committed jsonb) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  salt bytea := decode(body #>> '{personal,salt}', 'hex');
  rest jsonb := body - 'personal';
  commitments jsonb := '{}';
  path text;
  keys text[];
BEGIN
  IF body -> 'personal' IS NULL THEN
    RETURN body = committed;
  END IF;
  IF octet_length(salt) IS DISTINCT FROM 16 OR rest ? 'commitments' THEN
    RETURN false;
  END IF;
  FOR path IN SELECT jsonb_array_elements_text(body #> '{personal,paths}') LOOP
    keys := string_to_array(substr(path, 2), '/');
    IF jsonb_typeof(rest #> keys) IS DISTINCT FROM 'string' THEN
      RETURN false;
    END IF;
    commitments := commitments || jsonb_build_object(path, encode(sha256(
      salt || convert_to(path, 'UTF8') || '\x00'::bytea || convert_to(rest #>> keys, 'UTF8')), 'hex'));
    rest := rest #- keys;
  END LOOP;
  RETURN rest || jsonb_build_object('commitments', commitments) = committed;
END $$;

-- Checked when it is said, and not while the end of the chain is locked.
ALTER TABLE change_pending ADD CONSTRAINT change_pending_committed
  CHECK (is_committed_form(body::jsonb, committed::jsonb));

DROP FUNCTION append_changes(text[]);
CREATE FUNCTION append_changes(bodies text[], committed text[]) RETURNS bigint LANGUAGE sql AS $$
  SELECT commit_soon();
  INSERT INTO change_pending (body, committed)
    SELECT b.body, b.committed FROM unnest(bodies, committed) WITH ORDINALITY AS b(body, committed, n) ORDER BY n;
  SELECT count(*) FROM unnest(bodies);
$$;

-- Chains one change. Each body is the canonical JSON (RFC 8785); the columns beside it are read out of it here, so they
-- cannot say something else.
--   content_hash = SHA-256(committed form of the body)
--   hash         = SHA-256(previous hash || seq as 8 bytes, big-endian || content_hash)
CREATE OR REPLACE FUNCTION chain_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head chain_head;
  said jsonb := NEW.body::jsonb;
  content bytea := sha256(convert_to(NEW.committed, 'UTF8'));
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

-- The one way in which an entry may change, once: into the text that its content hash is the hash of.
CREATE FUNCTION refuse_all_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.redacted_by IS NULL AND NEW.redacted_by IS NOT NULL AND OLD.body <> NEW.body
    AND sha256(convert_to(NEW.body, 'UTF8')) = OLD.content_hash
    AND (NEW.actor_name, NEW.why) IS NOT DISTINCT FROM (NEW.body::jsonb #>> '{actor,name}', NEW.body::jsonb ->> 'why')
    AND (NEW.seq, NEW.id, NEW.at, NEW.kind, NEW.actor_kind, NEW.actor_id, NEW.via, NEW.person_id, NEW.role_id,
        NEW.request_id, NEW.grant_id, NEW.binding_id, NEW.cause_id, NEW.content_hash, NEW.prev_hash, NEW.hash)
      IS NOT DISTINCT FROM
        (OLD.seq, OLD.id, OLD.at, OLD.kind, OLD.actor_kind, OLD.actor_id, OLD.via, OLD.person_id, OLD.role_id,
        OLD.request_id, OLD.grant_id, OLD.binding_id, OLD.cause_id, OLD.content_hash, OLD.prev_hash, OLD.hash)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER only_grows ON change;
CREATE TRIGGER only_grows BEFORE DELETE ON change FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_redacted BEFORE UPDATE ON change FOR EACH ROW EXECUTE FUNCTION refuse_all_but_redaction();

-- Of a decision and of a role version only what somebody wrote as a reason can go, and only "[redacted]" can come instead.
DROP TRIGGER only_grows ON decision;
CREATE TRIGGER only_grows BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_redacted BEFORE UPDATE ON decision FOR EACH ROW
  WHEN (NEW.note <> '[redacted]' OR to_jsonb(OLD) - 'note' IS DISTINCT FROM to_jsonb(NEW) - 'note')
  EXECUTE FUNCTION refuse_rewriting();
DROP TRIGGER only_grows ON role_version;
CREATE TRIGGER only_grows BEFORE DELETE ON role_version FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_redacted BEFORE UPDATE ON role_version FOR EACH ROW
  WHEN (NEW.reason <> '[redacted]' OR NEW.redacted_at IS NULL
    OR to_jsonb(OLD) - '{reason,redacted_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{reason,redacted_at}'::text[])
  EXECUTE FUNCTION refuse_rewriting();
DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['change', 'decision', 'role_version'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER only_grows', kept);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER only_redacted', kept);
  END LOOP;
END $$;

DROP TRIGGER only_decided ON widening;
CREATE TRIGGER only_decided BEFORE UPDATE ON widening FOR EACH ROW
  WHEN ((OLD.id, OLD.kind, OLD.role_id, OLD.base_version, OLD.wanted, OLD.restores, OLD.proposed_by_id)
      IS DISTINCT FROM (NEW.id, NEW.kind, NEW.role_id, NEW.base_version, NEW.wanted, NEW.restores, NEW.proposed_by_id)
    OR (OLD.reason <> NEW.reason AND (NEW.reason <> '[redacted]' OR NEW.redacted_at IS NULL)))
  EXECUTE FUNCTION refuse_rewriting();

-- Before which moment something must have been over to be redacted; null while everything is kept.
CREATE FUNCTION redact_before() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT daypass_now() - days * interval '1 day' FROM retention WHERE id = 1
$$;

-- Whether a version was superseded before that moment and nothing open is pinned to it.
CREATE FUNCTION was_superseded(of_role uuid, in_version int, before timestamptz) RETURNS bool LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM role_version n
      WHERE n.role_id = of_role AND n.version = in_version + 1 AND n.published_at < before)
    AND NOT EXISTS (SELECT FROM access_request q JOIN role_version v ON v.id = q.role_version_id
      WHERE q.role_id = of_role AND q.state = 'PENDING' AND v.version = in_version)
    AND NOT EXISTS (SELECT FROM access_grant g JOIN role_version v ON v.id = g.role_version_id
      WHERE g.role_id = of_role AND g.closed_at IS NULL AND v.version = in_version)
$$;

-- Which of these entries name somebody and belong to nothing that was not over before that moment. Inside a text every
-- quote is escaped, so only a key of the entry itself reads as `personal` does here.
CREATE FUNCTION at_rest(numbers bigint[], before timestamptz) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT c.seq
  FROM unnest(numbers) AS n(seq)
    JOIN change c ON c.seq = n.seq
    LEFT JOIN access_request q ON q.id = c.request_id
    LEFT JOIN access_grant g ON g.request_id = q.id
  WHERE c.at < before AND c.redacted_by IS NULL AND c.body LIKE '%"personal":{"paths":%'
    AND (q.id IS NULL OR CASE WHEN g.id IS NULL THEN q.closed_at ELSE g.closed_at END < before)
    AND CASE
      WHEN c.kind LIKE 'binding.%' AND c.grant_id IS NULL THEN NOT EXISTS (
        SELECT FROM grant_binding gb JOIN access_grant o ON o.id = gb.grant_id
        WHERE gb.binding_id = c.binding_id AND (o.closed_at IS NULL OR o.closed_at >= before))
      WHEN c.kind LIKE 'role.%' THEN was_superseded(c.role_id, (c.body::jsonb #>> '{about,version}')::int, before)
      WHEN c.kind LIKE 'access.%' THEN NOT EXISTS (
        SELECT FROM unknown_access u JOIN managed_place m ON m.id = u.place_id
        WHERE u.gone_at IS NULL AND m.connection = c.body::jsonb #>> '{about,connection}'
          AND m.kind = c.body::jsonb #>> '{about,kind}' AND m.target = c.body::jsonb #>> '{about,target}'
          AND u.username = c.body::jsonb #>> '{about,account}')
      WHEN c.kind LIKE 'widening.%' THEN NOT EXISTS (
        SELECT FROM widening w WHERE w.state = 'PENDING' AND w.id = (c.body::jsonb #>> '{about,widening}')::uuid)
      ELSE true
    END
$$;

-- The last change that had happened by this moment, 0 when none had. Numbers follow time, but for the instant between
-- asking the clock and committing, and have no gaps: halving finds it in twenty looks among a million.
CREATE FUNCTION point_at(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE search AS (
    SELECT 0::bigint AS low, seq AS high FROM chain_head
    UNION ALL
    SELECT CASE WHEN c.at <= moment THEN c.seq ELSE low END, CASE WHEN c.at <= moment THEN high ELSE c.seq - 1 END
    FROM search JOIN change c ON c.seq = (low + high + 1) / 2
    WHERE low < high
  )
  SELECT low FROM search WHERE low = high
$$;

-- The entries that a run at that moment has to look at: those that it has not come to, and those that it passed over.
CREATE FUNCTION unredacted(before timestamptz) RETURNS bigint[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT seq FROM redaction_kept
    UNION ALL SELECT n FROM retention, generate_series(done + 1, (SELECT point_at(before))) n WHERE id = 1)
$$;

-- Puts the committed form of entries in their place, as far as the run that was announced covers them and they are at
-- rest. Gives how many. The trigger refuses any other text.
CREATE FUNCTION redact_changes(numbers bigint[], committed text[]) RETURNS bigint LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH redacted AS (
    UPDATE change c SET body = f.body, actor_name = f.body::jsonb #>> '{actor,name}', why = f.body::jsonb ->> 'why',
      redacted_by = r.run_id
    FROM unnest(numbers, committed) AS f(seq, body), retention r
    WHERE c.seq = f.seq AND r.id = 1 AND c.seq <= r.up_to
      AND c.seq IN (SELECT at_rest(numbers, (SELECT redact_before())))
    RETURNING c.seq
  )
  SELECT count(*) FROM redacted
$$;

-- Puts "[redacted]" in the place of the same values in the rows that hold copies of them, at most so many of each kind. Gives how many rows.
CREATE FUNCTION redact_copies(most int) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before timestamptz := redact_before();
  this_moment timestamptz := daypass_now();
  requests uuid[];
  touched bigint;
  more bigint;
BEGIN
  IF before IS NULL THEN
    RETURN 0;
  END IF;
  requests := ARRAY(SELECT q.id FROM access_request q LEFT JOIN access_grant g ON g.request_id = q.id
    WHERE q.redacted_at IS NULL AND q.closed_at < before AND (g.id IS NULL OR g.closed_at < before)
    ORDER BY q.closed_at LIMIT most);
  UPDATE decision SET note = '[redacted]' WHERE request_id = ANY(requests) AND note <> '';
  UPDATE access_grant SET failure = CASE WHEN failure IS NOT NULL THEN '[redacted]' END,
    end_reason = CASE WHEN revoked_by_id IS NULL THEN end_reason ELSE '[redacted]' END WHERE request_id = ANY(requests);
  UPDATE access_request SET justification = '[redacted]', redacted_at = this_moment WHERE id = ANY(requests);
  touched := cardinality(requests);

  UPDATE role_version SET reason = '[redacted]', redacted_at = this_moment WHERE id IN (SELECT v.id FROM role_version v
    WHERE v.redacted_at IS NULL AND v.published_at < before AND was_superseded(v.role_id, v.version, before) LIMIT most);
  GET DIAGNOSTICS more = ROW_COUNT;
  touched := touched + more;
  UPDATE widening SET reason = '[redacted]', redacted_at = this_moment,
      note = CASE note WHEN '' THEN '' ELSE '[redacted]' END WHERE id IN (SELECT w.id FROM widening w
    WHERE w.redacted_at IS NULL AND w.closed_at < before LIMIT most);
  GET DIAGNOSTICS more = ROW_COUNT;
  touched := touched + more;

  UPDATE unknown_access SET username = '[redacted]', kept_reason = NULL, removal_reason = NULL WHERE id IN (
    SELECT u.id FROM unknown_access u WHERE u.gone_at < before AND u.username <> '[redacted]' LIMIT most);
  GET DIAGNOSTICS more = ROW_COUNT;
  touched := touched + more;
  DELETE FROM mail WHERE created_at < before;
  DELETE FROM idempotency_key WHERE created_at < machine_time(before);
  UPDATE provider_account SET renamed_from = NULL, renamed_at = NULL WHERE renamed_at < before;
  RETURN touched;
END $$;

REVOKE ALL ON FUNCTION redact_changes(bigint[], text[]), redact_copies(int) FROM PUBLIC;

-- Requests whose words are still there, by when they were closed.
CREATE INDEX access_request_readable ON access_request (closed_at) WHERE redacted_at IS NULL;
