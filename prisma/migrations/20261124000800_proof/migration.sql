-- Signed points of the chain. Whoever owns the database can rewrite the whole chain, but cannot sign it.
CREATE TABLE signing_key (
  id text PRIMARY KEY,
  public_key bytea NOT NULL,
  first_used_at timestamptz(3) NOT NULL
);

CREATE TABLE checkpoint (
  seq bigint PRIMARY KEY,
  hash bytea NOT NULL,
  previous bigint,
  at timestamptz(3) NOT NULL,
  key_id text NOT NULL REFERENCES signing_key (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  signature bytea NOT NULL
);

-- Every verification of the whole history, good or not.
CREATE TABLE chain_check (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  good bigint NOT NULL,
  broken_at bigint,
  took_ms int NOT NULL
);
CREATE INDEX chain_check_at_idx ON chain_check (at);

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON signing_key FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON signing_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON chain_check FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON chain_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- `session_replication_role = replica` silences triggers that are not there "always".
DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['change', 'receipt', 'role_version', 'entitlement', 'decision', 'signing_key', 'checkpoint',
    'chain_check'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER only_grows', kept);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_emptied', kept);
  END LOOP;
END $$;
ALTER TABLE change_pending ENABLE ALWAYS TRIGGER chained_at_commit;

-- The one row of the chain's end can be moved on, and nothing else.
CREATE TRIGGER stays BEFORE INSERT OR DELETE ON chain_head FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON chain_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
ALTER TABLE chain_head ENABLE ALWAYS TRIGGER stays;
ALTER TABLE chain_head ENABLE ALWAYS TRIGGER never_emptied;

-- Chaining is the owner's right alone, so that a role that may not write here can still add to the history.
ALTER FUNCTION chain_change() SECURITY DEFINER SET search_path = public, pg_temp;
