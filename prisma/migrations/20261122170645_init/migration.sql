-- CreateTable
CREATE TABLE "register_version" (
    "version" SERIAL NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_by" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "rules" JSONB NOT NULL,

    CONSTRAINT "register_version_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "register_state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "revision" UUID NOT NULL,

    CONSTRAINT "register_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "department" (
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "department_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "topic" (
    "code" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,

    CONSTRAINT "topic_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "pool" (
    "slug" TEXT NOT NULL,
    "department_slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "pool_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "advisor" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,

    CONSTRAINT "advisor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forum" (
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "callback_stopped_at" TIMESTAMPTZ(3),
    "joined" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "forum_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "forum_secret" (
    "id" UUID NOT NULL,
    "forum_slug" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3),

    CONSTRAINT "forum_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forum_link" (
    "hash" BYTEA NOT NULL,
    "forum_slug" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "forum_link_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guidance_acknowledgement" (
    "advisor_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "guidance_acknowledgement_pkey" PRIMARY KEY ("advisor_id","version")
);

-- CreateTable
CREATE TABLE "content_key" (
    "id" UUID NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,

    CONSTRAINT "content_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "forum_slug" TEXT NOT NULL,
    "pool_slug" TEXT,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "content" BYTEA,
    "external_id" TEXT,
    "member_hash" BYTEA,
    "consent_basis" TEXT NOT NULL,
    "topic" TEXT,
    "topic_guessed" BOOLEAN NOT NULL DEFAULT false,
    "language" TEXT NOT NULL,
    "urgency" TEXT NOT NULL,
    "nation" TEXT,
    "audience" TEXT[],
    "masked" TEXT[],
    "routing" JSONB NOT NULL,
    "tried_pools" TEXT[],
    "owner_id" TEXT,
    "last_owner_id" TEXT,
    "escalation" INTEGER NOT NULL DEFAULT 0,
    "ever_diverted" BOOLEAN NOT NULL DEFAULT false,
    "merged_into_id" UUID,
    "state_before_merge" TEXT,
    "reopened_from_id" UUID,
    "clock" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "claim_due_at" TIMESTAMPTZ(3),
    "reply_due_at" TIMESTAMPTZ(3),
    "resolve_due_at" TIMESTAMPTZ(3),
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "consented_at" TIMESTAMPTZ(3),
    "first_offered_at" TIMESTAMPTZ(3),
    "first_claimed_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "first_replied_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "post_deleted_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),
    "proposed_disposition" TEXT,
    "disposition" TEXT,
    "result" TEXT,
    "said_by" TEXT,
    "insight" TEXT,
    "feedback" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "referral_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "text" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "author_role" TEXT NOT NULL,
    "author_id" TEXT,
    "body" BYTEA,
    "language" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "text_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reply" (
    "id" UUID NOT NULL,
    "referral_id" UUID,
    "forum_slug" TEXT NOT NULL,
    "pool_slug" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "body" BYTEA,
    "language" TEXT NOT NULL,
    "disposition" TEXT,
    "sha256" BYTEA NOT NULL,
    "verify_code" TEXT NOT NULL,
    "clearer_id" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "corrects" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "queued_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "visible_at" TIMESTAMPTZ(3),
    "corrected_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    "url" BYTEA,

    CONSTRAINT "reply_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" BIGSERIAL NOT NULL,
    "referral_id" UUID,
    "seq" INTEGER,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_role" TEXT NOT NULL,
    "actor_id" TEXT,
    "acted_by" TEXT,
    "state_from" TEXT,
    "state_to" TEXT,
    "pool_slug" TEXT,
    "because" TEXT,
    "data" JSONB NOT NULL DEFAULT '{}',
    "text_id" UUID,
    "chain" TEXT NOT NULL DEFAULT '',
    "position" INTEGER,
    "hash" BYTEA,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "referral_id" UUID,
    "adapter" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "notice" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "step" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "alarmed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timer" (
    "referral_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timer_pkey" PRIMARY KEY ("referral_id","kind")
);

-- CreateTable
CREATE TABLE "lost_claim" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "pool_slug" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lost_claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "referral_id" UUID,
    "status" INTEGER,
    "response" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "rate_bucket" (
    "forum_slug" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_bucket_pkey" PRIMARY KEY ("forum_slug")
);

-- CreateTable
CREATE TABLE "adapter_memory" (
    "adapter" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" BYTEA NOT NULL,
    "referral_id" UUID,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "adapter_memory_pkey" PRIMARY KEY ("adapter","key")
);

-- CreateTable
CREATE TABLE "adapter_lease" (
    "adapter" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "adapter_lease_pkey" PRIMARY KEY ("adapter","name")
);

-- CreateTable
CREATE TABLE "erasure" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "because" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "unredacted" TEXT[],

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "forum_secret_forum_slug_idx" ON "forum_secret"("forum_slug");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "content_key_key_id_idx" ON "content_key"("key_id");

-- CreateIndex
CREATE UNIQUE INDEX "referral_reference_key" ON "referral"("reference");

-- CreateIndex
CREATE INDEX "referral_forum_slug_id_idx" ON "referral"("forum_slug", "id");

-- CreateIndex
CREATE INDEX "referral_pool_slug_state_id_idx" ON "referral"("pool_slug", "state", "id");

-- CreateIndex
CREATE INDEX "referral_state_id_idx" ON "referral"("state", "id");

-- CreateIndex
CREATE INDEX "referral_owner_id_idx" ON "referral"("owner_id");

-- CreateIndex
CREATE INDEX "referral_member_hash_idx" ON "referral"("member_hash");

-- CreateIndex
CREATE INDEX "referral_merged_into_id_idx" ON "referral"("merged_into_id");

-- CreateIndex
CREATE INDEX "text_referral_id_created_at_idx" ON "text"("referral_id", "created_at");

-- CreateIndex
CREATE INDEX "text_expires_at_idx" ON "text"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "reply_verify_code_key" ON "reply"("verify_code");

-- CreateIndex
CREATE INDEX "reply_referral_id_idx" ON "reply"("referral_id");

-- CreateIndex
CREATE INDEX "event_type_at_idx" ON "event"("type", "at");

-- CreateIndex
CREATE UNIQUE INDEX "event_referral_id_seq_key" ON "event"("referral_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "event_chain_position_key" ON "event"("chain", "position");

-- CreateIndex
CREATE INDEX "delivery_settled_at_adapter_destination_next_at_idx" ON "delivery"("settled_at", "adapter", "destination", "next_at");

-- CreateIndex
CREATE INDEX "delivery_adapter_destination_alarmed_at_idx" ON "delivery"("adapter", "destination", "alarmed_at");

-- CreateIndex
CREATE INDEX "delivery_state_id_idx" ON "delivery"("state", "id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_referral_id_adapter_destination_seq_key" ON "delivery"("referral_id", "adapter", "destination", "seq");

-- CreateIndex
CREATE INDEX "timer_due_at_idx" ON "timer"("due_at");

-- CreateIndex
CREATE INDEX "lost_claim_referral_id_idx" ON "lost_claim"("referral_id");

-- CreateIndex
CREATE INDEX "idempotency_referral_id_idx" ON "idempotency"("referral_id");

-- CreateIndex
CREATE INDEX "adapter_memory_referral_id_idx" ON "adapter_memory"("referral_id");

-- CreateIndex
CREATE UNIQUE INDEX "erasure_referral_id_key" ON "erasure"("referral_id");

-- AddForeignKey
ALTER TABLE "pool" ADD CONSTRAINT "pool_department_slug_fkey" FOREIGN KEY ("department_slug") REFERENCES "department"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forum_secret" ADD CONSTRAINT "forum_secret_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forum_link" ADD CONSTRAINT "forum_link_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guidance_acknowledgement" ADD CONSTRAINT "guidance_acknowledgement_advisor_id_fkey" FOREIGN KEY ("advisor_id") REFERENCES "advisor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral" ADD CONSTRAINT "referral_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral" ADD CONSTRAINT "referral_pool_slug_fkey" FOREIGN KEY ("pool_slug") REFERENCES "pool"("slug") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral" ADD CONSTRAINT "referral_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "referral"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "text" ADD CONSTRAINT "text_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reply" ADD CONSTRAINT "reply_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reply" ADD CONSTRAINT "reply_forum_slug_fkey" FOREIGN KEY ("forum_slug") REFERENCES "forum"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reply" ADD CONSTRAINT "reply_pool_slug_fkey" FOREIGN KEY ("pool_slug") REFERENCES "pool"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "timer" ADD CONSTRAINT "timer_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lost_claim" ADD CONSTRAINT "lost_claim_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adapter_memory" ADD CONSTRAINT "adapter_memory_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referral"("id") ON DELETE CASCADE ON UPDATE CASCADE;
