import { Prisma, type Tx } from "../../db/index.ts";
import type { Period } from "../period.ts";
import type { Breakdown } from "../rollup.ts";

/** What open referrals of one pool add at a moment, as `tick` has it for each of them. */
export interface OpenSum {
  /** The value of the breakdown. */
  value: string | null;
  /** As `2026-12`; null where months are not asked for. */
  month: string | null;
  pool: string | null;
  /** The count it goes to; null for a referral that waits for nobody. */
  name: string | null;
  amount: number;
  /** When the oldest of them was submitted; null for what is late, which was seen with its wait. */
  oldest: Date | null;
}

const columns: Readonly<Record<Breakdown, Prisma.Sql>> = {
  none: Prisma.sql`NULL`,
  forum: Prisma.sql`forum`,
  topic: Prisma.sql`topic`,
  language: Prisma.sql`language`,
  state: Prisma.sql`state`,
  outcome: Prisma.sql`outcome`,
};

/** Waits that go on and targets that have passed, of the open referrals submitted in a period; summed by the database. */
export async function readOpenSums(
  tx: Tx,
  period: Pick<Period, "from" | "before">,
  breakdown: Breakdown,
  byMonth: boolean,
  now: Date,
): Promise<OpenSum[]> {
  return tx.$queryRaw<OpenSum[]>`
    WITH open AS (
      SELECT ${columns[breakdown]}::text AS value, submitted_at, tick_since, ticking,
        CASE WHEN ${byMonth} THEN to_char(submitted_at AT TIME ZONE 'Europe/London', 'YYYY-MM') END AS month
      FROM stat_case
      WHERE tick_since IS NOT NULL AND submitted_at >= ${period.from}
        AND (${period.before}::timestamptz IS NULL OR submitted_at < ${period.before}))
    SELECT value, month, pool, name, sum(amount)::float8 AS amount, min(submitted_at) AS oldest
    FROM (
      SELECT value, month, ticking->>'pool' AS pool, 'wait:' || (ticking->>'owner') AS name,
        greatest(0, extract(epoch FROM ${now}::timestamptz - tick_since) * 1000) AS amount, submitted_at
      FROM open
      UNION ALL
      SELECT value, month, due->>'pool', 'due:' || (due->>'target'), 1, NULL
      FROM open CROSS JOIN LATERAL jsonb_array_elements(ticking->'dues') AS dues (due)
      WHERE (due->>'atMs')::numeric < ${now.getTime()}::bigint) AS sums
    GROUP BY value, month, pool, name`;
}
