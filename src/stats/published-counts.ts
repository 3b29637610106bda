import type { DepartmentFigures, QuarterFigures } from "./public-figures.ts";
import { quartersOf } from "./quarter.ts";

/** One department's figures of a period, made of what was published already. Times in seconds of service. */
export interface PublishedCounts extends DepartmentFigures {
  /** The quarters they are the sums of; none where the period is not made of whole published quarters. */
  quarters: string[];
  received: number | null;
  answered: number | null;
  helped: number | null;
}

/** A sum of which any part is withheld is withheld: it would give that part away. */
const sumOf = (parts: readonly (number | null)[]): number | null =>
  parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);

const nothing: DepartmentFigures = {
  open: null,
  firstReplyMedian: null,
  firstReplyP90: null,
  resolutionMedian: null,
  resolutionP90: null,
};

/**
 * The figures of one department over a period as sums of quarters that were published, so that no two of them tell more than
 * the quarters do. `names` are the slugs it has and had. Times are those of a single quarter, for they cannot be added up.
 * Everything is null where the period is no row of whole quarters, or one of them is not published.
 */
export function publishedCounts(
  published: readonly QuarterFigures[],
  period: { from: string; to: string },
  names: readonly string[],
): PublishedCounts {
  const wanted = quartersOf(period);
  const found = wanted.flatMap((quarter) => published.find((one) => one.quarter === quarter) ?? []);
  if (found.length === 0 || found.length < wanted.length)
    return { quarters: [], received: null, answered: null, helped: null, ...nothing };
  const rows = found.map(({ tables }) => tables.department.rows.find(({ name }) => names.includes(name)));
  // A department without a row had no referral in that quarter: every other one has a row, with or without its numbers.
  const count = (name: "received" | "answered" | "helped") =>
    sumOf(rows.map((row) => (row ? row.counts[name] : 0)));
  const besides = found.map(
    ({ beside }, i) => (beside && rows[i] ? beside[rows[i].name] : undefined) ?? nothing,
  );
  const single = besides.length === 1 ? besides[0] : undefined;
  return {
    quarters: wanted,
    received: count("received"),
    answered: count("answered"),
    helped: count("helped"),
    ...(single ?? nothing),
    open: sumOf(besides.map(({ open }, i) => (rows[i] ? open : 0))),
  };
}
