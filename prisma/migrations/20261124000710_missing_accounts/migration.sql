-- AlterTable
ALTER TABLE "provider_account" ADD COLUMN     "missing_since" TIMESTAMPTZ(3);
