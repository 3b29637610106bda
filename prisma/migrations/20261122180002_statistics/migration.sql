-- CreateTable
CREATE TABLE "stat_delta" (
    "id" BIGSERIAL NOT NULL,
    "referral_id" UUID NOT NULL,

    CONSTRAINT "stat_delta_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stat_case" (
    "referral_id" UUID NOT NULL,
    "forum" TEXT NOT NULL,
    "topic" TEXT,
    "language" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "outcome" TEXT,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "parts" JSONB NOT NULL,
    "ticking" JSONB,
    "tick_since" TIMESTAMPTZ(3),

    CONSTRAINT "stat_case_pkey" PRIMARY KEY ("referral_id")
);

-- CreateTable
CREATE TABLE "stat_rollup" (
    "breakdown" TEXT NOT NULL,
    "grain" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "pool" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "figures" JSONB NOT NULL,

    CONSTRAINT "stat_rollup_pkey" PRIMARY KEY ("breakdown","grain","day","pool","value")
);

-- CreateIndex
CREATE INDEX "stat_case_submitted_at_idx" ON "stat_case"("submitted_at");

-- CreateIndex
CREATE INDEX "stat_case_tick_since_idx" ON "stat_case"("tick_since");

-- Every change of a referral is noted in its own transaction, by whichever statement it is made, so that statistics miss none.
CREATE FUNCTION stat_note_referrals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "stat_delta" ("referral_id") SELECT "id" FROM changed;
  RETURN NULL;
END
$$;

CREATE FUNCTION stat_note_lost_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "stat_delta" ("referral_id") SELECT "referral_id" FROM changed;
  RETURN NULL;
END
$$;

CREATE TRIGGER stat_referral_born AFTER INSERT ON "referral"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stat_note_referrals();
CREATE TRIGGER stat_referral_changed AFTER UPDATE ON "referral"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stat_note_referrals();
CREATE TRIGGER stat_lost_claim AFTER INSERT ON "lost_claim"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stat_note_lost_claims();

INSERT INTO "stat_delta" ("referral_id") SELECT "id" FROM "referral";
