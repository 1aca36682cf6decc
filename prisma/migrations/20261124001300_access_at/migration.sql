CREATE INDEX "change_binding_id_seq_idx" ON "change"("binding_id", "seq" DESC);
CREATE INDEX "binding_target_idx" ON "binding"("target");
