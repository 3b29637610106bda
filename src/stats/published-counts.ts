import type { StatsRow, TimeFigures } from "./model.ts";
import { publicFigures } from "./public-figures.ts";
import { smallest } from "./suppress.ts";

/** One department's figures as they may be published beside those of all others. Times in seconds of service. */
export interface PublishedCounts {
  received: number | null;
  answered: number | null;
  helped: number | null;
  open: number | null;
  firstReplyMedian: number | null;
  firstReplyP90: number | null;
  resolutionMedian: number | null;
  resolutionP90: number | null;
}

const isFew = (count: number): boolean => count > 0 && count < smallest;

/** Times of fewer than ten are withheld like the number of them. */
function timesOf({ count, serviceMedian, serviceP90 }: TimeFigures): [number | null, number | null] {
  return count < smallest ? [null, null] : [serviceMedian, serviceP90];
}

/**
 * The counts of one department among those of all of them (`rows` by department): what the public table would withhold for
 * the sake of another department is withheld here too. `open` is withheld where it, or what is finished, is 1 to 9.
 */
export function publishedCounts(rows: readonly StatsRow[], department: string): PublishedCounts {
  const row = rows.find((one) => one.department === department);
  const counts = publicFigures(rows, "department").rows.find(({ name }) => name === department)?.counts;
  const [firstReplyMedian, firstReplyP90] = row ? timesOf(row.timeToFirstReply) : [null, null];
  const [resolutionMedian, resolutionP90] = row ? timesOf(row.timeToResolution) : [null, null];
  const isOpenShown =
    row && counts && counts.received !== null && !isFew(row.open) && !isFew(row.received - row.open);
  return {
    received: counts?.received ?? (row ? null : 0),
    answered: counts?.answered ?? (row ? null : 0),
    helped: counts?.helped ?? (row ? null : 0),
    open: isOpenShown ? row.open : row ? null : 0,
    firstReplyMedian,
    firstReplyP90,
    resolutionMedian,
    resolutionP90,
  };
}
