import { isFew, smallest, suppress } from "./suppress.ts";

/** The counts of a table that the public sees, in the order of its columns. */
export const publicCounts = ["received", "answered", "resolved", "helped"] as const;
export type PublicCount = (typeof publicCounts)[number];

type Counts = readonly number[];

/** One row as it was counted. What is not listed is in the totals only, and its `received` is known to be 1 to 9. */
export interface CountedRow {
  counts: Counts;
  isListed: boolean;
}

/** Columns of which the first is never more than the second: every reader knows that. */
const laws = [
  [3, 2],
  [2, 0],
  [1, 0],
] as const;

/** In which order whole columns are given up where withholding the one concerned is not enough. */
const dispensable = [3, 1, 2, 0] as const;

/** Every set of columns in which something can move from one row to another. */
const columnSets = Array.from({ length: 2 ** publicCounts.length - 1 }, (_, i) =>
  publicCounts.flatMap((_name, j) => ((i + 1) & (2 ** j) ? [j] : [])),
);

/** What a reader has: which cells are withheld, and in which columns all of them, so that there 0 is withheld too. */
interface View {
  rows: readonly CountedRow[];
  shown: readonly (readonly (number | null)[])[];
  isWhole(column: number): boolean;
  /** Whether being listed means 10 or more received, or none. */
  onlyMany: boolean;
}

/**
 * A table as it may be published, its totals standing in other tables too; null: withheld. Beside what `suppress` withholds,
 * a reader knows that no more helped than were resolved, that no more were resolved or answered than received, and that
 * something small was withheld. So for each small number another table is sought that keeps all this and publishes the
 * same; where none is found, a whole column is withheld, zeros too, and if need be the next. The column of a small total is
 * always withheld, because its range would depend on every table. Where even a table of nothing but totals gives a number
 * away, `isSafe` is false: that takes rows whose being listed says something.
 */
export function withhold(
  rows: readonly CountedRow[],
  onlyMany: boolean,
): { rows: (number | null)[][]; totals: (number | null)[]; isSafe: boolean } {
  const columns = publicCounts.map((_, j) => rows.reduce((sum, { counts }) => sum + (counts[j] ?? 0), 0));
  const safe = suppress(
    rows.map(({ counts }) => counts),
    { columns, areKnown: true },
  );
  const whole = new Set(columns.flatMap((sum, j) => (isFew(sum) ? [j] : [])));
  for (const j of publicCounts.keys())
    if (rows.every(({ isListed }, i) => !isListed || safe.rows[i]?.[j] === null)) whole.add(j);
  const view: View = { rows, shown: safe.rows, isWhole: (column) => whole.has(column), onlyMany };
  const answer = (isSafe: boolean) => ({
    rows: safe.rows.map((row) => row.map((value, j) => (whole.has(j) ? null : value))),
    totals: columns.map((sum) => (isFew(sum) ? null : sum)),
    isSafe,
  });
  for (;;) {
    const column = columnGivenAway(view, columns);
    if (column === undefined) return answer(true);
    const next = [column, ...dispensable].find((j) => !whole.has(j));
    if (next === undefined) return answer(false);
    whole.add(next);
  }
}

/** A column in which a small number could be no other; what has a small total is withheld in every table, and can. */
function columnGivenAway(view: View, columns: Counts): number | undefined {
  return [...publicCounts.keys()].find(
    (j) =>
      !isFew(columns[j] ?? 0) &&
      view.rows.some(({ counts }, i) => isFew(counts[j] ?? 0) && !canDiffer(view, i, j)),
  );
}

/** Whether one more or one less there, and the contrary in another row, makes a table that publishes the same. */
function canDiffer(view: View, row: number, column: number): boolean {
  const sets = columnSets.filter((set) => set.includes(column));
  return [1, -1].some((step) =>
    sets.some(
      (set) =>
        mayChange(view, row, set, step) &&
        view.rows.some(
          (_, other) =>
            other !== row &&
            mayChange(view, other, set, -step) &&
            set.every((j) => keepsItsReason(view, j, { [row]: step, [other]: -step })),
        ),
    ),
  );
}

/** Whether a column from which a small number was withheld has one still: a reader knows that something was. */
function keepsItsReason({ rows }: View, column: number, steps: Readonly<Record<number, number>>): boolean {
  const values = rows.map(({ counts }) => counts[column] ?? 0);
  return !values.some(isFew) || values.some((value, i) => isFew(value + (steps[i] ?? 0)));
}

/** Whether a row with other counts in some columns would be published as it is. */
function mayChange(view: View, row: number, set: readonly number[], step: number): boolean {
  const { counts, isListed } = view.rows[row] ?? { counts: [], isListed: true };
  const changed = counts.map((value, j) => (set.includes(j) ? value + step : value));
  const at = (values: Counts, j: number) => values[j] ?? 0;
  return (
    set.every((j) => !isListed || view.isWhole(j) || view.shown[row]?.[j] === null) &&
    set.every((j) => mayBe(view, isListed, j, at(changed, j))) &&
    // Where a law is broken, such as by an answer of a department that passed the referral on, nobody can rely on it.
    laws.every(([a, b]) => at(changed, a) <= at(changed, b) || at(counts, a) > at(counts, b))
  );
}

/** Whether a withheld number may be this for all that a reader knows of its row and its column. */
function mayBe(view: View, isListed: boolean, column: number, value: number): boolean {
  const isReceived = column === 0;
  if (!isListed) return isReceived ? isFew(value) : value >= 0;
  if (value === 0) return view.isWhole(column);
  return isReceived && view.onlyMany ? value >= smallest : value > 0;
}
