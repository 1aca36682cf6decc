-- AlterTable
ALTER TABLE "binding" ADD COLUMN "wrote_at" TIMESTAMPTZ(3);
