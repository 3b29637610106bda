import type { Tx } from "../../db/index.ts";

/** Ids of referrals of these forums whose content is still there, oldest first. */
export async function findUnerased(tx: Tx, forums: readonly string[]): Promise<string[]> {
  if (forums.length === 0) return [];
  const rows = await tx.referral.findMany({
    where: { forumSlug: { in: [...forums] }, erasedAt: null },
    select: { id: true },
    orderBy: { id: "asc" },
    take: 10_000,
  });
  return rows.map((row) => row.id);
}
