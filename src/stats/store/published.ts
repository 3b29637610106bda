import type { Tx } from "../../db/index.ts";
import type { QuarterFigures } from "../public-figures.ts";

/** Every quarter that was published, the latest first. */
export async function readPublished(tx: Tx): Promise<QuarterFigures[]> {
  const rows = await tx.publishedFigures.findMany({
    orderBy: { quarter: "desc" },
    select: { figures: true },
  });
  return rows.map(({ figures }) => figures as unknown as QuarterFigures);
}

/** Quarters that were published, and when the first referral came; null where none has. */
export async function readPublishing(tx: Tx): Promise<{ published: string[]; since: Date | null }> {
  const published = await tx.publishedFigures.findMany({ select: { quarter: true } });
  const rows = await tx.$queryRaw<{ since: Date | null }[]>`
    SELECT submitted_at AS since FROM referral ORDER BY id LIMIT 1`;
  return { published: published.map(({ quarter }) => quarter), since: rows[0]?.since ?? null };
}

/** Publishes a quarter unless another instance has. */
export async function insertPublished(tx: Tx, figures: QuarterFigures, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO published_figures (quarter, published_at, figures)
    VALUES (${figures.quarter}, ${now}, ${JSON.stringify(figures)}::jsonb) ON CONFLICT (quarter) DO NOTHING`;
}
