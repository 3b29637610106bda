-- A statement that writes several referrals takes their tokens together. Where a forum's bucket does not hold so many, the
-- whole statement is undone, and each referral is tried by itself.
ALTER TABLE "rate_bucket" ADD CONSTRAINT "rate_bucket_has_tokens" CHECK ("tokens" >= 0);
