-- AlterTable
ALTER TABLE "clinic_question" ADD COLUMN     "is_public" BOOLEAN NOT NULL DEFAULT false;
