-- AlterTable
ALTER TABLE "forum" ADD COLUMN     "delisted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "forum_version" (
    "id" BIGSERIAL NOT NULL,
    "forum_slug" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "entry" JSONB,

    CONSTRAINT "forum_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proposal" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "forum_slug" TEXT,
    "address_key" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "suggestion" JSONB,
    "email" BYTEA,
    "language" TEXT NOT NULL,
    "decision" JSONB,
    "decided_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "published_figures" (
    "quarter" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "figures" JSONB NOT NULL,

    CONSTRAINT "published_figures_pkey" PRIMARY KEY ("quarter")
);

-- CreateIndex
CREATE INDEX "forum_version_forum_slug_id_idx" ON "forum_version"("forum_slug", "id");

-- CreateIndex
CREATE UNIQUE INDEX "proposal_reference_key" ON "proposal"("reference");

-- CreateIndex
CREATE INDEX "proposal_state_id_idx" ON "proposal"("state", "id");

-- CreateIndex
CREATE INDEX "proposal_address_key_idx" ON "proposal"("address_key");

-- CreateIndex
CREATE INDEX "proposal_forum_slug_idx" ON "proposal"("forum_slug");

-- AddForeignKey
ALTER TABLE "forum_version" ADD CONSTRAINT "forum_version_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE SET NULL ON UPDATE CASCADE;
