-- What is written somewhere is taken back there, also when the place has another name by then. Null where it was written
-- before this, or where names never change: then it goes by its name.
ALTER TABLE binding ADD COLUMN target_id TEXT;
