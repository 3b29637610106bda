import { finishedStates } from "../../contract/vocabulary.ts";
import { Prisma, type Tx } from "../../db/index.ts";

/** An entry that open referrals still need: how many, and the first of their references. */
export interface InUse {
  what: string;
  slug: string;
  count: number;
  referrals: string[];
}

const shown = 20;
const columns = { forum: "forum_slug", pool: "pool_slug", topic: "topic" } as const;

/** Which of the named entries open referrals still need. */
export async function findInUse(
  tx: Tx,
  named: Readonly<Record<keyof typeof columns, readonly string[]>>,
): Promise<InUse[]> {
  const found: InUse[] = [];
  for (const what of ["forum", "pool", "topic"] as const) {
    if (named[what].length === 0) continue;
    const column = Prisma.raw(columns[what]);
    const rows = await tx.$queryRaw<{ slug: string; count: number; referrals: string[] }[]>`
      SELECT ${column} AS slug, count(*)::int AS count, (array_agg(reference ORDER BY id))[1:${shown}::int] AS referrals
      FROM referral WHERE ${column} = ANY(${[...named[what]]}) AND state <> ALL(${[...finishedStates]})
      GROUP BY 1 ORDER BY 1`;
    found.push(...rows.map((row) => ({ what, ...row })));
  }
  return found;
}
