import type { StatsRow } from "./model.ts";
import { smallest, suppress } from "./suppress.ts";

/** Below this many in any row, nothing is put in an order that could be read as a ranking. */
const rankedFrom = 100;

/** The counts of a row that the public sees. */
const publicCounts = ["received", "answered", "resolved", "helped"] as const;
type PublicCount = (typeof publicCounts)[number];

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
}

function countsOf(row: StatsRow): Record<PublicCount, number> {
  const said = row.results.helped ?? {};
  return {
    received: row.received,
    answered: row.timeToFirstReply.count,
    resolved: row.timeToResolution.count,
    helped: (said.member ?? 0) + (said.moderator ?? 0),
  };
}

/**
 * Figures by one dimension as they may be published. `joined` gives the first month of each forum, as `2026-12`: rows
 * of a month before it are left out. A forum with fewer than 10 referrals is in no row of its own. Counts of 1 to 9 are
 * withheld, and others with them where they could be computed back; there is no ranking under 100.
 */
export function publicFigures(
  rows: readonly StatsRow[],
  dimension: "forum" | "department" | "topic" | "month",
  joined: ReadonlyMap<string, string> = new Map(),
): PublicFigures {
  const sums = new Map<string, Record<PublicCount, number>>();
  let early = 0;
  for (const row of rows) {
    const since = row.forum ? joined.get(row.forum) : undefined;
    if (since !== undefined && row.month && row.month < since) {
      early += row.received;
      continue;
    }
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
  const ranked = all.length > 0 && all.every(({ counts }) => counts.received >= rankedFrom);
  const order = (a: (typeof all)[number], b: (typeof all)[number]) =>
    (ranked ? b.counts.received - a.counts.received : 0) || (a.name < b.name ? -1 : 1);
  // Those with too few stay in the table while it is withheld, so that the totals do not give them away.
  const listed = [...all.filter((one) => !isAlone(one)).sort(order), ...alone];
  const table = listed.map(({ counts }) => publicCounts.map((count) => counts[count]));
  const columns = publicCounts.map((_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  // The same totals stand beside the rows of every dimension.
  const safe = suppress(table, { columns, areKnown: true });
  const named = (values: readonly (number | null)[]) =>
    Object.fromEntries(publicCounts.map((count, j) => [count, values[j] ?? null])) as PublicRow["counts"];
  return {
    rows: listed
      .slice(0, listed.length - alone.length)
      .map(({ name }, i) => ({ name, counts: named(safe.rows[i] ?? []) })),
    totals: named(safe.totals.columns ?? []),
    ranked,
    notes: [
      "Numbers from 1 to 9 are withheld, and others with them where they could be worked out",
      ...(alone.length > 0 ? ["Forums with fewer than 10 referrals are part of the totals only"] : []),
      ...(early > 0 ? ["Time before a forum joined is left out"] : []),
      ...(ranked ? [] : ["Rows stand in order of their names: there are too few referrals to rank them"]),
    ],
  };
}
