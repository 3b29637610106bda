import { DomainError } from "../../contract/errors.ts";
import type { Tx } from "../../db/index.ts";

/**
 * Takes one token of a forum's bucket: `perMinute` come in a minute, a third of that can be saved up. The bucket is a
 * row, so that the rate holds across instances. Refused when it is empty.
 */
export async function takeRateToken(tx: Tx, forum: string, perMinute: number, now: Date): Promise<void> {
  const burst = Math.max(1, Math.round(perMinute / 3));
  const perSecond = perMinute / 60;
  const taken = await tx.$queryRaw<{ tokens: number }[]>`
    INSERT INTO rate_bucket AS bucket (forum_slug, tokens, at) VALUES (${forum}, ${burst - 1}, ${now})
    ON CONFLICT (forum_slug) DO UPDATE SET
      tokens = LEAST(${burst}, bucket.tokens + GREATEST(0, EXTRACT(EPOCH FROM (${now}::timestamptz - bucket.at))) * ${perSecond}) - 1,
      at = GREATEST(bucket.at, ${now}::timestamptz)
    WHERE LEAST(${burst}, bucket.tokens + GREATEST(0, EXTRACT(EPOCH FROM (${now}::timestamptz - bucket.at))) * ${perSecond}) >= 1
    RETURNING tokens`;
  if (taken.length > 0) return;
  throw new DomainError("request/rate-limited", {
    fields: { retryAfterSeconds: Math.max(1, Math.ceil(1 / perSecond)) },
  });
}
