-- CreateIndex
CREATE INDEX "change_cause_id_idx" ON "change"("cause_id");
