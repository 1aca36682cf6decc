CREATE TABLE "removal_budget" (
    "connection" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "spent" TIMESTAMPTZ(3)[],

    CONSTRAINT "removal_budget_pkey" PRIMARY KEY ("connection","key")
);

ALTER TABLE "connection" ADD COLUMN "rate_limit" INTEGER,
ADD COLUMN "rate_remaining" INTEGER,
ADD COLUMN "rate_seen_at" TIMESTAMPTZ(3);

-- Spends one removal out of `per_minute` in any minute, which all workers share. Gives 0, or the milliseconds after which
-- the oldest one of the last minute is a minute old. A clock that was set back must not keep removals waiting: what was
-- spent in the future does not count.
CREATE FUNCTION spend_removal(at_connection text, for_key text, per_minute int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  this_moment timestamptz;
  lately timestamptz[];
BEGIN
  PERFORM commit_soon();
  INSERT INTO removal_budget (connection, key, spent) VALUES (at_connection, for_key, '{}') ON CONFLICT DO NOTHING;
  SELECT spent INTO lately FROM removal_budget WHERE connection = at_connection AND key = for_key FOR UPDATE;
  this_moment := daypass_now();
  lately := ARRAY(SELECT at FROM unnest(lately) at
    WHERE at > this_moment - interval '1 minute' AND at <= this_moment ORDER BY at);
  IF cardinality(lately) >= per_minute THEN
    RETURN ceil(extract(epoch FROM lately[1] + interval '1 minute' - this_moment) * 1000);
  END IF;
  UPDATE removal_budget SET spent = lately || this_moment WHERE connection = at_connection AND key = for_key;
  RETURN 0;
END $$;
