CREATE INDEX "access_request_created_at_idx" ON "access_request"("created_at");
