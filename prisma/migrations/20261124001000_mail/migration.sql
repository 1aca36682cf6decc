-- CreateTable
CREATE TABLE "notify_channel" (
    "name" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "address" TEXT,
    "last_ok_at" TIMESTAMPTZ(3),
    "down_since" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "notify_channel_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "fact" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "request_id" UUID,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "useful_until" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "unsure" INTEGER NOT NULL DEFAULT 0,
    "leased_until" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mail_due_at_idx" ON "mail"("due_at");

-- CreateIndex
CREATE INDEX "mail_request_id_person_id_idx" ON "mail"("request_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "mail_fact_person_id_key" ON "mail"("fact", "person_id");

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What happened before there was mail is told to nobody.
INSERT INTO notify_channel (name, seq) SELECT 'mail', seq FROM chain_head;
