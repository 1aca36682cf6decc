-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "is_admin" BOOLEAN NOT NULL DEFAULT false,
    "is_auditor" BOOLEAN NOT NULL DEFAULT false,
    "host_admin" BOOLEAN NOT NULL DEFAULT false,
    "deactivated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_account" (
    "person_id" UUID NOT NULL,
    "connection" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_account_pkey" PRIMARY KEY ("person_id","connection")
);

-- CreateTable
CREATE TABLE "access_group" (
    "id" UUID NOT NULL,
    "connection" TEXT NOT NULL,
    "external_id" TEXT,
    "path" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "missing_since" TIMESTAMPTZ(3),
    "synced_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_member" (
    "group_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "is_owner" BOOLEAN NOT NULL,

    CONSTRAINT "group_member_pkey" PRIMARY KEY ("group_id","person_id")
);

-- CreateTable
CREATE TABLE "role" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "current_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_version" (
    "id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "owner_group_id" UUID NOT NULL,
    "requester_group_id" UUID NOT NULL,
    "approvals_needed" INTEGER NOT NULL,
    "max_minutes" INTEGER NOT NULL,
    "decide_within_minutes" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "published_by_id" UUID,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "restores" INTEGER,

    CONSTRAINT "role_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement" (
    "id" UUID NOT NULL,
    "role_version_id" UUID NOT NULL,
    "connection" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "level" TEXT NOT NULL,

    CONSTRAINT "entitlement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_request" (
    "id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "role_version_id" UUID NOT NULL,
    "requester_id" UUID NOT NULL,
    "minutes" INTEGER NOT NULL,
    "justification" TEXT NOT NULL,
    "ticket" TEXT,
    "starts_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decide_by" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "approver_id" UUID NOT NULL,
    "verdict" TEXT NOT NULL,
    "minutes" INTEGER,
    "note" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_grant" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "role_version_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "minutes" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "active_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ending_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,
    "revoked_by_id" UUID,
    "failure" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "access_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "binding" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "connection" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "baseline" JSONB,
    "intended" JSONB,
    "confirmed" JSONB,
    "seen" JSONB,
    "seen_at" TIMESTAMPTZ(3),
    "drift" TEXT,
    "drift_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "owed_since" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "leased_by" TEXT,
    "leased_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "binding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grant_binding" (
    "grant_id" UUID NOT NULL,
    "binding_id" UUID NOT NULL,
    "level" TEXT,
    "applied_at" TIMESTAMPTZ(3),
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "grant_binding_pkey" PRIMARY KEY ("grant_id","binding_id")
);

-- CreateTable
CREATE TABLE "receipt" (
    "id" UUID NOT NULL,
    "binding_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "asked" JSONB NOT NULL,
    "answer" JSONB NOT NULL,
    "read_back" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "worker" TEXT NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_name" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "person_id" UUID,
    "role_id" UUID,
    "request_id" UUID,
    "grant_id" UUID,
    "binding_id" UUID,
    "cause_id" UUID,
    "why" TEXT,
    "body" TEXT NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "chain_head" (
    "id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "chain_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "person_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("person_id","key")
);

-- CreateTable
CREATE TABLE "connection" (
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "last_ok_at" TIMESTAMPTZ(3),
    "down_since" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "synced_at" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clock" (
    "id" INTEGER NOT NULL,
    "offset_ms" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "clock_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "person_email_idx" ON "person"("email");

-- CreateIndex
CREATE UNIQUE INDEX "person_issuer_subject_key" ON "person"("issuer", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_person_id_idx" ON "session"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_account_connection_external_id_key" ON "provider_account"("connection", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_group_connection_path_key" ON "access_group"("connection", "path");

-- CreateIndex
CREATE UNIQUE INDEX "access_group_connection_external_id_key" ON "access_group"("connection", "external_id");

-- CreateIndex
CREATE INDEX "group_member_person_id_idx" ON "group_member"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "role_slug_key" ON "role"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "role_version_role_id_version_key" ON "role_version"("role_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "entitlement_role_version_id_connection_kind_target_key" ON "entitlement"("role_version_id", "connection", "kind", "target");

-- CreateIndex
CREATE INDEX "access_request_requester_id_id_idx" ON "access_request"("requester_id", "id" DESC);

-- CreateIndex
CREATE INDEX "access_request_state_decide_by_idx" ON "access_request"("state", "decide_by");

-- CreateIndex
CREATE INDEX "access_request_role_id_state_idx" ON "access_request"("role_id", "state");

-- CreateIndex
CREATE INDEX "decision_approver_id_id_idx" ON "decision"("approver_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "decision_request_id_approver_id_key" ON "decision"("request_id", "approver_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_grant_request_id_key" ON "access_grant"("request_id");

-- CreateIndex
CREATE INDEX "access_grant_person_id_id_idx" ON "access_grant"("person_id", "id" DESC);

-- CreateIndex
CREATE INDEX "access_grant_state_ends_at_idx" ON "access_grant"("state", "ends_at");

-- CreateIndex
CREATE INDEX "access_grant_role_id_state_idx" ON "access_grant"("role_id", "state");

-- CreateIndex
CREATE INDEX "binding_due_at_idx" ON "binding"("due_at");

-- CreateIndex
CREATE INDEX "binding_seen_at_idx" ON "binding"("seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "binding_person_id_connection_kind_target_key" ON "binding"("person_id", "connection", "kind", "target");

-- CreateIndex
CREATE INDEX "grant_binding_binding_id_idx" ON "grant_binding"("binding_id");

-- CreateIndex
CREATE INDEX "receipt_binding_id_id_idx" ON "receipt"("binding_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "change_id_key" ON "change"("id");

-- CreateIndex
CREATE INDEX "change_person_id_seq_idx" ON "change"("person_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "change_role_id_seq_idx" ON "change"("role_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "change_request_id_seq_idx" ON "change"("request_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "change_grant_id_seq_idx" ON "change"("grant_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "change_actor_id_seq_idx" ON "change"("actor_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "change_kind_seq_idx" ON "change"("kind", "seq" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

-- CreateIndex
CREATE INDEX "api_token_person_id_idx" ON "api_token"("person_id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_account" ADD CONSTRAINT "provider_account_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "access_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_version" ADD CONSTRAINT "role_version_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_version" ADD CONSTRAINT "role_version_owner_group_id_fkey" FOREIGN KEY ("owner_group_id") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_version" ADD CONSTRAINT "role_version_requester_group_id_fkey" FOREIGN KEY ("requester_group_id") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_role_version_id_fkey" FOREIGN KEY ("role_version_id") REFERENCES "role_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_request" ADD CONSTRAINT "access_request_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_request" ADD CONSTRAINT "access_request_role_version_id_fkey" FOREIGN KEY ("role_version_id") REFERENCES "role_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_request" ADD CONSTRAINT "access_request_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "access_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_approver_id_fkey" FOREIGN KEY ("approver_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "access_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_role_version_id_fkey" FOREIGN KEY ("role_version_id") REFERENCES "role_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_grant" ADD CONSTRAINT "access_grant_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "binding" ADD CONSTRAINT "binding_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant_binding" ADD CONSTRAINT "grant_binding_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "access_grant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant_binding" ADD CONSTRAINT "grant_binding_binding_id_fkey" FOREIGN KEY ("binding_id") REFERENCES "binding"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "receipt" ADD CONSTRAINT "receipt_binding_id_fkey" FOREIGN KEY ("binding_id") REFERENCES "binding"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
