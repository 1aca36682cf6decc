CREATE INDEX "group_member_group_id_is_owner_idx" ON "group_member"("group_id", "is_owner");
CREATE INDEX "group_member_person_id_is_owner_idx" ON "group_member"("person_id", "is_owner");
DROP INDEX "group_member_person_id_idx";
CREATE INDEX "access_request_role_id_state_id_idx" ON "access_request"("role_id", "state", "id");
DROP INDEX "access_request_role_id_state_idx";
