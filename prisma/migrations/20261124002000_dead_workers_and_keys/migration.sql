ALTER TABLE "worker_heartbeat" ADD COLUMN "lock_name" TEXT;

-- One by one, by their keys: a plan for all at once, made while the table was new, reads every open grant until PostgreSQL
-- next counts them.
CREATE OR REPLACE FUNCTION lock_binding(binding uuid) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  current_fence int;
  held uuid;
BEGIN
  FOR held IN SELECT gb.grant_id FROM grant_binding gb WHERE gb.binding_id = lock_binding.binding ORDER BY gb.grant_id LOOP
    PERFORM FROM access_grant g WHERE g.id = held AND g.closed_at IS NULL FOR UPDATE;
  END LOOP;
  SELECT b.fence INTO STRICT current_fence FROM binding b WHERE b.id = lock_binding.binding FOR UPDATE;
  RETURN current_fence;
END $$;
