import type { StatsRow } from "./model.ts";
import { isFew, smallest } from "./suppress.ts";
import { type PublicCount, publicCounts, withhold } from "./withhold.ts";

/** Below this many in any row, nothing is put in an order that could be read as a ranking. */
const rankedFrom = 100;

export interface PublicRow {
  name: string;
  /** Null: withheld, because it is between 1 and 9 or would give such a number away. */
  counts: Record<PublicCount, number | null>;
}

export interface PublicFigures {
  rows: PublicRow[];
  totals: Record<PublicCount, number | null>;
  /** Whether the rows stand in order of what was received; otherwise they stand in order of their names. */
  ranked: boolean;
  notes: string[];
}

/** Figures of one department that are in no table. Times in seconds of service; null: withheld, or nothing to tell from. */
export interface DepartmentFigures {
  open: number | null;
  firstReplyMedian: number | null;
  firstReplyP90: number | null;
  resolutionMedian: number | null;
  resolutionP90: number | null;
}

/** By what the public figures are broken down. One table for each, all with the same totals. */
export const publicDimensions = ["department", "forum", "month"] as const;
export type PublicDimension = (typeof publicDimensions)[number];

/** Public figures of one quarter, as they were published and stay. Days are days of London. */
export interface QuarterFigures {
  quarter: string;
  from: string;
  to: string;
  publishedOn: string;
  tables: Record<PublicDimension, PublicFigures>;
  /** What a department may say of the quarter beside its row; absent where the quarter was published without. */
  beside?: Record<string, DepartmentFigures>;
}

/** `helped` is a number of referrals, not of words: where the member and a moderator both said so, it is one. */
const countsOf = (row: StatsRow): Record<PublicCount, number> => ({
  received: row.received,
  answered: row.timeToFirstReply.count,
  resolved: row.timeToResolution.count,
  helped: row.memberHelped,
});

/**
 * What each department may say beside its row of the table by department, from the same rows of figures: how many are open,
 * and times where the number of them is shown.
 */
export function besideTable(
  rows: readonly StatsRow[],
  table: Pick<PublicFigures, "rows">,
): Record<string, DepartmentFigures> {
  const counts = new Map(table.rows.map((row) => [row.name, row.counts]));
  return Object.fromEntries(
    rows.map((row) => {
      const shown = counts.get(row.department ?? "none");
      const isOpenShown = shown !== undefined && mayShowOpen(row, shown);
      const first = shown?.answered ? row.timeToFirstReply : null;
      const last = shown?.resolved ? row.timeToResolution : null;
      return [
        row.department ?? "none",
        {
          open: isOpenShown ? row.open : null,
          firstReplyMedian: first?.serviceMedian ?? null,
          firstReplyP90: first?.serviceP90 ?? null,
          resolutionMedian: last?.serviceMedian ?? null,
          resolutionP90: last?.serviceP90 ?? null,
        },
      ];
    }),
  );
}

/**
 * How many are open is an upper bound of what was resolved, so it stands beside a row of which every count is shown. It is
 * withheld where it, or how many are finished, is 1 to 9, and where so few are not resolved that this would tell it.
 */
function mayShowOpen(row: StatsRow, shown: PublicRow["counts"]): boolean {
  const few = [row.open, row.received - row.open, row.received - row.timeToResolution.count];
  return publicCounts.every((count) => shown[count] !== null) && !few.some(isFew);
}

/**
 * Figures by one dimension as they may be published. A forum with fewer than 10 referrals is in no row of its own. Counts
 * of 1 to 9 are withheld, and others with them where they could be computed back; there is no ranking under 100. Nothing
 * is from the time before a forum joined, because intake takes nothing from a forum that has agreed to nothing.
 */
export function publicFigures(
  rows: readonly StatsRow[],
  dimension: "forum" | "department" | "topic" | "month",
): PublicFigures {
  const sums = new Map<string, Record<PublicCount, number>>();
  for (const row of rows) {
    const name = row[dimension] ?? "none";
    const sum = sums.get(name) ?? { received: 0, answered: 0, resolved: 0, helped: 0 };
    const counts = countsOf(row);
    for (const count of publicCounts) sum[count] += counts[count];
    sums.set(name, sum);
  }
  const all = [...sums].map(([name, counts]) => ({ name, counts }));
  const isAlone = ({ counts }: { counts: { received: number } }) =>
    dimension === "forum" && counts.received > 0 && counts.received < smallest;
  const alone = all.filter(isAlone);
  // Those with too few stay in the table while it is withheld, so that the totals do not give them away.
  const safe = withhold(
    all.map((one) => ({
      counts: publicCounts.map((count) => one.counts[count]),
      isListed: !isAlone(one),
    })),
    dimension === "forum",
  );
  const named = (values: readonly (number | null)[]) =>
    Object.fromEntries(publicCounts.map((count, j) => [count, values[j] ?? null])) as PublicRow["counts"];
  const shown = all.map(({ name }, i) => ({ name, counts: named(safe.rows[i] ?? []) }));
  const ranked =
    all.length > 0 && shown.every(({ counts }) => counts.received !== null && counts.received >= rankedFrom);
  const order = (a: PublicRow, b: PublicRow) =>
    (ranked ? (b.counts.received ?? 0) - (a.counts.received ?? 0) : 0) || (a.name < b.name ? -1 : 1);
  // That a forum is listed tells that it has 10 or more; where this is already too much, none is.
  const isListed = (_: PublicRow, i: number) =>
    !(all[i] && isAlone(all[i])) && (safe.isSafe || dimension !== "forum");
  return {
    rows: shown.filter(isListed).sort(order),
    totals: named(safe.totals),
    ranked,
    notes: [
      "Numbers from 1 to 9 are withheld, and others with them where they could be worked out",
      ...(alone.length > 0 ? ["Forums with fewer than 10 referrals are part of the totals only"] : []),
      ...(ranked ? [] : ["Rows stand in order of their names: there are too few referrals to rank them"]),
    ],
  };
}
