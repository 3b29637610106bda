import type { Deps } from "../deps.ts";
import { dayOf } from "./period.ts";
import {
  besideTable,
  type PublicDimension,
  type PublicFigures,
  publicDimensions,
  publicFigures,
  type QuarterFigures,
} from "./public-figures.ts";
import { daysOf, quarterOf, quartersDue } from "./quarter.ts";
import { queryStats } from "./query-stats.ts";
import { insertPublished, readPublished, readPublishing } from "./store/published.ts";

/**
 * Makes the figures of every quarter that is due and not yet published, once and for good: published anew each day, the
 * difference of two days would tell what happened between them. Direct replies make no row. Counts stand as of the moment of publishing. Answers the
 * quarters it published.
 */
export async function publishFigures(deps: Deps): Promise<string[]> {
  const { published, since } = await readPublishing(deps.db);
  if (since === null) return [];
  const today = dayOf(deps.now());
  const due = quartersDue(quarterOf(since), today).filter((quarter) => !published.includes(quarter));
  for (const quarter of due) {
    const { from, to } = daysOf(quarter);
    const tables = {} as Record<PublicDimension, PublicFigures>;
    let beside: QuarterFigures["beside"] = {};
    for (const dimension of publicDimensions) {
      const query = { from, to, by: [dimension], referralsOnly: true };
      const { rows } = await queryStats(deps, query, { kind: "manager" });
      tables[dimension] = publicFigures(rows, dimension);
      if (dimension === "department") beside = besideTable(rows, tables[dimension]);
    }
    const figures = { quarter, from, to, publishedOn: today, tables, beside };
    await deps.transaction((tx) => insertPublished(tx, figures, deps.now()));
  }
  return due;
}

/** The quarters that were published, the latest first. */
export async function listPublished(deps: Pick<Deps, "db">): Promise<QuarterFigures[]> {
  return readPublished(deps.db);
}
