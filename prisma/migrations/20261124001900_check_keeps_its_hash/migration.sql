-- The hash of the last good entry, so that a process can go on from what was verified before it began. Checks from before
-- have none.
ALTER TABLE chain_check ADD COLUMN hash bytea;
