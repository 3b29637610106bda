-- AlterTable
ALTER TABLE "event" ADD COLUMN     "number" BIGINT;

-- CreateTable
CREATE TABLE "audit_head" (
    "chain" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("chain")
);

-- CreateIndex
CREATE UNIQUE INDEX "event_number_key" ON "event"("number");

-- The audit is append-only: a row is never deleted, and never changed but for its seal, once.
CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND OLD.position IS NULL AND OLD.number IS NULL AND OLD.hash IS NULL
     AND NEW.position IS NOT NULL AND NEW.number IS NOT NULL AND NEW.hash IS NOT NULL
     AND to_jsonb(NEW) - '{position,number,hash}'::text[] = to_jsonb(OLD) - '{position,number,hash}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The audit is append-only: event % is not changed and not removed.', OLD.id
    USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON "event"
  FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
