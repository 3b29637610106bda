import type { State } from "../../contract/vocabulary.ts";
import type { Tx } from "../../db/index.ts";

/** States in which a referral waits for somebody of its pool, or for an answer to them. */
const withPool = [
  "offered",
  "claimed",
  "waiting_member",
  "waiting_clearance",
  "replied",
] as const satisfies State[];

/** How many referrals a pool has in each state, how many are past their clock, and the `most` that are due first. */
export async function readWorkload(tx: Tx, poolSlug: string, now: Date, most: number) {
  const where = { poolSlug, state: { in: [...withPool] } };
  const counted = await tx.referral.groupBy({ by: ["state"], where, _count: true });
  const late = await tx.referral.count({ where: { ...where, dueAt: { lt: now } } });
  const first = await tx.referral.findMany({
    where,
    select: { reference: true, state: true, dueAt: true },
    orderBy: [{ dueAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
    take: most,
  });
  const counts = new Map(counted.map(({ state, _count }) => [state, _count]));
  const waiting = withPool.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [{ state, count }];
  });
  return { waiting, late, first };
}
