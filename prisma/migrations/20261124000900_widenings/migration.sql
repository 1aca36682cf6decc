-- CreateTable
CREATE TABLE "widening" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "role_id" UUID,
    "base_version" INTEGER,
    "wanted" JSONB,
    "restores" INTEGER,
    "reason" TEXT NOT NULL,
    "proposed_by_id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decide_by" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "widening_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "four_eyes" (
    "id" INTEGER NOT NULL,
    "needed" BOOLEAN NOT NULL,

    CONSTRAINT "four_eyes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "widening_role_id_id_idx" ON "widening"("role_id", "id" DESC);

-- CreateIndex
CREATE INDEX "widening_state_decide_by_idx" ON "widening"("state", "decide_by");

-- AddForeignKey
ALTER TABLE "widening" ADD CONSTRAINT "widening_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "widening" ADD CONSTRAINT "widening_proposed_by_id_fkey" FOREIGN KEY ("proposed_by_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What waits for a role is the latest that was proposed for it; likewise for doing without the second person.
CREATE UNIQUE INDEX widening_one_pending ON widening (kind, role_id) NULLS NOT DISTINCT WHERE state = 'PENDING';

-- What is approved is exactly what was proposed.
CREATE TRIGGER only_decided BEFORE UPDATE ON widening FOR EACH ROW
  WHEN ((OLD.id, OLD.kind, OLD.role_id, OLD.base_version, OLD.wanted, OLD.restores, OLD.reason, OLD.proposed_by_id)
    IS DISTINCT FROM
    (NEW.id, NEW.kind, NEW.role_id, NEW.base_version, NEW.wanted, NEW.restores, NEW.reason, NEW.proposed_by_id))
  EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER only_grows BEFORE DELETE ON widening FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON widening FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Who may decide about widening a role: active admins, and active owners of its owner group. Without a group, admins.
CREATE FUNCTION deciders_of(group_id uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT p.id FROM person p WHERE p.deactivated_at IS NULL
    AND (p.is_admin OR EXISTS (SELECT 1 FROM group_member m
      WHERE m.group_id = deciders_of.group_id AND m.person_id = p.id AND m.is_owner)) ORDER BY p.id)
$$;
