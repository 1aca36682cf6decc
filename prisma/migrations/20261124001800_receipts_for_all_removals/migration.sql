-- AlterTable
ALTER TABLE "receipt" ADD COLUMN     "access_id" UUID,
ADD COLUMN     "owed_since" TIMESTAMPTZ(3),
ALTER COLUMN "binding_id" DROP NOT NULL,
ADD CONSTRAINT receipt_of_one CHECK (num_nonnulls(binding_id, access_id) = 1);

-- AlterTable
ALTER TABLE "managed_place" ADD COLUMN     "unclear_found" TEXT,
ADD COLUMN     "unclear_since" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "receipt_access_id_idx" ON "receipt"("access_id");

-- AddForeignKey
ALTER TABLE "receipt" ADD CONSTRAINT "receipt_access_id_fkey" FOREIGN KEY ("access_id") REFERENCES "unknown_access"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- How late they were is asked for on the worker's page: few among all receipts.
CREATE INDEX receipt_owed ON receipt (at) WHERE owed_since IS NOT NULL;
