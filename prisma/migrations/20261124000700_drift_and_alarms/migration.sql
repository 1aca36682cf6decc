-- AlterTable
ALTER TABLE "provider_account" ADD COLUMN     "known_as" TEXT,
ADD COLUMN     "renamed_at" TIMESTAMPTZ(3),
ADD COLUMN     "renamed_from" TEXT;

-- CreateTable
CREATE TABLE "managed_place" (
    "id" UUID NOT NULL,
    "connection" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "looked_at" TIMESTAMPTZ(3),
    "missing_since" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "managed_place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unknown_access" (
    "id" UUID NOT NULL,
    "place_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "level" TEXT,
    "until" TEXT,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "gone_at" TIMESTAMPTZ(3),
    "kept_until" TIMESTAMPTZ(3),
    "kept_level" TEXT,
    "kept_reason" TEXT,
    "kept_by_id" UUID,
    "removal_asked_at" TIMESTAMPTZ(3),
    "removal_reason" TEXT,
    "removal_cause_id" UUID,
    "due_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "leased_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "unknown_access_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "managed_place_looked_at_idx" ON "managed_place"("looked_at");

-- CreateIndex
CREATE UNIQUE INDEX "managed_place_connection_kind_target_key" ON "managed_place"("connection", "kind", "target");

-- CreateIndex
CREATE INDEX "unknown_access_due_at_idx" ON "unknown_access"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "unknown_access_place_id_external_id_key" ON "unknown_access"("place_id", "external_id");

-- CreateIndex
CREATE INDEX "access_grant_closed_at_idx" ON "access_grant"("closed_at");

-- AddForeignKey
ALTER TABLE "unknown_access" ADD CONSTRAINT "unknown_access_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "managed_place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unknown_access" ADD CONSTRAINT "unknown_access_kept_by_id_fkey" FOREIGN KEY ("kept_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Nobody was renamed before the first look.
UPDATE provider_account SET known_as = username;

-- What is late is asked for on every page of an admin: among the open grants, the few whose end has passed.
CREATE INDEX access_grant_open_by_end ON access_grant (LEAST(ending_at, ends_at)) WHERE closed_at IS NULL;
CREATE INDEX binding_owed ON binding (owed_since) WHERE owed_since IS NOT NULL;
CREATE INDEX binding_drifted ON binding (drift_at) WHERE drift IS NOT NULL;
CREATE INDEX unknown_access_asked ON unknown_access (removal_asked_at) WHERE removal_asked_at IS NOT NULL AND gone_at IS NULL;

-- Every place that a role in force gives, with the role and the group that owns it.
CREATE FUNCTION given_places()
RETURNS TABLE (connection text, kind text, target text, role_id uuid, role_slug text, owner_group_id uuid)
LANGUAGE sql STABLE AS $$
  SELECT e.connection, e.kind, e.target, r.id, r.slug, v.owner_group_id
  FROM role r
    JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    JOIN entitlement e ON e.role_version_id = v.id
$$;

-- Whether Daypass itself put, or is putting, this account's access here. Names are compared as the providers do: without
-- their case.
CREATE FUNCTION is_granted(at_connection text, at_kind text, at_target text, account text) RETURNS bool
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM provider_account a JOIN binding b ON b.person_id = a.person_id
    AND b.connection = a.connection
    WHERE a.connection = at_connection AND a.external_id = account AND b.kind = at_kind
      AND lower(b.target) = lower(at_target) AND b.intended IS NOT NULL)
$$;
