-- CreateTable
CREATE TABLE "siem_stream" (
    "id" INTEGER NOT NULL,
    "address" TEXT,
    "seq" BIGINT NOT NULL,
    "checkpoint_seq" BIGINT NOT NULL,
    "last_ok_at" TIMESTAMPTZ(3),
    "down_since" TIMESTAMPTZ(3),
    "last_answer" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "refusals" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3),
    "leased_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "siem_stream_pkey" PRIMARY KEY ("id")
);

-- From the first entry on: a SIEM that begins later could not tell a gap from what was before it.
INSERT INTO siem_stream (id, seq, checkpoint_seq) VALUES (1, 0, 0);
