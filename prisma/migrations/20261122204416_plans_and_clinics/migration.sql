-- CreateTable
CREATE TABLE "plan_version" (
    "department_slug" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "amends" INTEGER,
    "consultation" JSONB,
    "because" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_version_pkey" PRIMARY KEY ("department_slug","version")
);

-- CreateTable
CREATE TABLE "progress_report" (
    "department_slug" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "plan" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "figures" JSONB NOT NULL,
    "notice" TEXT,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "progress_report_pkey" PRIMARY KEY ("department_slug","period","revision")
);

-- CreateTable
CREATE TABLE "clinic" (
    "slug" TEXT NOT NULL,
    "pool_slug" TEXT NOT NULL,
    "forum_slug" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "cancelled_at" TIMESTAMPTZ(3),

    CONSTRAINT "clinic_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "clinic_session" (
    "clinic_slug" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "announced_at" TIMESTAMPTZ(3),
    "reminded_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "answered" INTEGER NOT NULL DEFAULT 0,
    "left_over" INTEGER NOT NULL DEFAULT 0,
    "summary" TEXT,

    CONSTRAINT "clinic_session_pkey" PRIMARY KEY ("clinic_slug","starts_at")
);

-- CreateTable
CREATE TABLE "clinic_question" (
    "id" UUID NOT NULL,
    "clinic_slug" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "content" BYTEA,
    "taken_by" TEXT,
    "reference" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "clinic_question_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "plan_version_status_idx" ON "plan_version"("status");

-- CreateIndex
CREATE INDEX "clinic_pool_slug_idx" ON "clinic"("pool_slug");

-- CreateIndex
CREATE INDEX "clinic_forum_slug_idx" ON "clinic"("forum_slug");

-- CreateIndex
CREATE INDEX "clinic_question_clinic_slug_starts_at_idx" ON "clinic_question"("clinic_slug", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "clinic_question_clinic_slug_external_id_key" ON "clinic_question"("clinic_slug", "external_id");

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_department_slug_fkey" FOREIGN KEY ("department_slug") REFERENCES "department"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "progress_report" ADD CONSTRAINT "progress_report_department_slug_fkey" FOREIGN KEY ("department_slug") REFERENCES "department"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinic" ADD CONSTRAINT "clinic_pool_slug_fkey" FOREIGN KEY ("pool_slug") REFERENCES "pool"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinic" ADD CONSTRAINT "clinic_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinic_session" ADD CONSTRAINT "clinic_session_clinic_slug_fkey" FOREIGN KEY ("clinic_slug") REFERENCES "clinic"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinic_question" ADD CONSTRAINT "clinic_question_clinic_slug_starts_at_fkey" FOREIGN KEY ("clinic_slug", "starts_at") REFERENCES "clinic_session"("clinic_slug", "starts_at") ON DELETE RESTRICT ON UPDATE CASCADE;
