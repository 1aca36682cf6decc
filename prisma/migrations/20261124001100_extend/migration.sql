-- AlterTable
ALTER TABLE "access_request" ADD COLUMN     "extends_id" UUID;

-- CreateIndex
CREATE INDEX "access_request_extends_id_idx" ON "access_request"("extends_id");

-- AddForeignKey
ALTER TABLE "access_request" ADD CONSTRAINT "access_request_extends_id_fkey" FOREIGN KEY ("extends_id") REFERENCES "access_grant"("id") ON DELETE SET NULL ON UPDATE CASCADE;
