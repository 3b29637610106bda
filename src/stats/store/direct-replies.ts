import type { Tx } from "../../db/index.ts";
import type { Period } from "../period.ts";

/** Replies of a period that answer no referral, by where and in which month of London they were written. */
export async function countDirectReplies(
  tx: Tx,
  { from, before }: Pick<Period, "from" | "before">,
): Promise<{ forum: string; pool: string; language: string; month: string; count: number }[]> {
  return tx.$queryRaw`
    SELECT forum_slug AS forum, pool_slug AS pool, language,
      to_char(created_at AT TIME ZONE 'Europe/London', 'YYYY-MM') AS month, count(*)::int AS count
    FROM reply
    WHERE referral_id IS NULL AND created_at >= ${from}
      AND (${before}::timestamptz IS NULL OR created_at < ${before})
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;
}
