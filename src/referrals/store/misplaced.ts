import type { State } from "../../contract/vocabulary.ts";
import type { Tx } from "../../db/index.ts";
import type { Register } from "../../register/model.ts";

/** Ids of open referrals whose pool, advisor or forum no longer has them, as far as a query can tell; oldest first. */
export async function findMisplaced(
  tx: Tx,
  now: {
    states: readonly State[];
    held: readonly State[];
    pools: readonly string[];
    forums: readonly string[];
    advisors: readonly string[];
    register: Register;
  },
): Promise<string[]> {
  const byPool = [...now.register.pools.keys()].map((pool) => ({
    poolSlug: pool,
    ownerId: {
      notIn: [...now.register.advisors.values()]
        .filter((advisor) => advisor.pools.includes(pool))
        .map((advisor) => advisor.id),
    },
  }));
  const rows = await tx.referral.findMany({
    where: {
      state: { in: [...now.states] },
      OR: [
        { forumSlug: { notIn: [...now.forums] } },
        { poolSlug: { notIn: [...now.pools] } },
        { state: { in: [...now.held] }, ownerId: { notIn: [...now.advisors] } },
        { state: { in: [...now.held] }, OR: byPool },
      ],
    },
    select: { id: true },
    orderBy: { id: "asc" },
    take: 10_000,
  });
  return rows.map((row) => row.id);
}
