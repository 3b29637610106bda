import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Suppressed, suppress, type Totals } from "../../src/stats/suppress.ts";

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const totalsOf = (rows: readonly (readonly number[])[]) => ({
  rows: rows.map(sum),
  columns: (rows[0] ?? []).map((_, j) => sum(rows.map((row) => row[j] ?? 0))),
  all: sum(rows.flat()),
});
const isSmall = (value: number) => value > 0 && value < 10;

/** One published number and what is known of it: exactly, or between bounds. */
interface Known {
  name: string;
  true: number;
  low: number;
  high: number;
}

/** What a reader has: every number, and which are the sum of which. */
function readerOf(rows: readonly (readonly number[])[], totals: Totals, shown: Suppressed) {
  const known = (name: string, value: number, seen: number | null | undefined): Known => ({
    name,
    true: value,
    low: seen ?? (seen === null ? 1 : 0),
    high: seen ?? Number.POSITIVE_INFINITY,
  });
  const sums = totalsOf(rows);
  const cells = rows.map((row, i) => row.map((value, j) => known(`${i},${j}`, value, shown.rows[i]?.[j])));
  const ofRows = sums.rows.map((value, i) =>
    known(`row ${i}`, value, totals.rows && (shown.totals.rows?.[i] ?? null)),
  );
  const ofColumns = sums.columns.map((value, j) =>
    known(`column ${j}`, value, totals.columns && (shown.totals.columns?.[j] ?? null)),
  );
  const all = known("all", sums.all, totals.all === undefined ? undefined : (shown.totals.all ?? null));
  const equations = [
    ...cells.map((row, i) => ({ parts: row, whole: ofRows[i] })),
    ...ofColumns.map((whole, j) => ({ parts: cells.flatMap((row) => row[j] ?? []), whole })),
    { parts: ofRows, whole: all },
    { parts: ofColumns, whole: all },
  ].flatMap(({ parts, whole }) => (whole ? [{ parts, whole }] : []));
  return { numbers: [...cells.flat(), ...ofRows, ...ofColumns, all], equations };
}

/** Narrows the bounds as long as anything gives; the names of withheld small numbers that are then certain. */
function computedBack(rows: readonly (readonly number[])[], totals: Totals, shown: Suppressed): string[] {
  const { numbers, equations } = readerOf(rows, totals, shown);
  for (let changed = true, rounds = 0; changed && rounds < 200; rounds += 1) {
    changed = false;
    const narrow = (one: Known, low: number, high: number) => {
      if (low > one.low) [one.low, changed] = [low, true];
      if (high < one.high) [one.high, changed] = [high, true];
    };
    for (const { parts, whole } of equations) {
      narrow(whole, sum(parts.map(({ low }) => low)), sum(parts.map(({ high }) => high)));
      for (const part of parts) {
        const others = parts.filter((other) => other !== part);
        narrow(
          part,
          whole.low - sum(others.map(({ high }) => high)),
          whole.high - sum(others.map(({ low }) => low)),
        );
      }
    }
  }
  return numbers.filter((one) => isSmall(one.true) && one.low === one.high).map(({ name }) => name);
}

/** Every table one step away that publishes the same: the small numbers that are the same in all of them are certain. */
function sameInAllTables(rows: readonly (readonly number[])[], totals: Totals, shown: Suppressed): string[] {
  const certain = new Map<string, number>();
  const cells = rows.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  const moving = cells.filter(({ i, j }) => shown.rows[i]?.[j] === null);
  const table = rows.map((row) => [...row]);
  let first = true;
  const differing = new Set<string>();
  const visit = (at: number): void => {
    const cell = moving[at];
    if (cell) {
      for (const step of [0, 1, -1]) {
        const row = table[cell.i];
        if (!row || cell.value + step < 1) continue;
        row[cell.j] = cell.value + step;
        visit(at + 1);
        row[cell.j] = cell.value;
      }
      return;
    }
    const { numbers } = readerOf(table, totals, shown);
    const agrees = numbers.every((one) =>
      one.low === one.high ? one.true === one.low : one.true >= one.low,
    );
    if (!agrees) return;
    for (const one of numbers) {
      if (first) certain.set(one.name, one.true);
      else if (certain.get(one.name) !== one.true) differing.add(one.name);
    }
    first = false;
  };
  visit(0);
  const { numbers } = readerOf(rows, totals, shown);
  return numbers.filter((one) => isSmall(one.true) && !differing.has(one.name)).map(({ name }) => name);
}

const cell = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 40 }));
const tables = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([height, width]) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );
const which = fc.constantFrom<("rows" | "columns" | "all")[]>(
  ["columns"],
  ["rows", "columns", "all"],
  ["rows"],
  ["columns", "all"],
  [],
);
const chosen = (rows: number[][], names: ("rows" | "columns" | "all")[]): Totals => {
  const all = totalsOf(rows);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
};

/** The faulty version: withholds the small numbers and nothing beside them. */
function suppressAlone(rows: readonly (readonly number[])[], totals: Totals): Suppressed {
  const hide = (value: number) => (isSmall(value) ? null : value);
  return {
    rows: rows.map((row) => row.map(hide)),
    totals: {
      ...(totals.rows ? { rows: totals.rows.map(hide) } : {}),
      ...(totals.columns ? { columns: totals.columns.map(hide) } : {}),
      ...(totals.all === undefined ? {} : { all: hide(totals.all) }),
    },
  };
}

describe("suppression", () => {
  test("withholds every number from 1 to 9 and shows zeros", () => {
    const { rows, totals } = suppress(
      [
        [0, 9, 10],
        [4, 0, 300],
      ],
      {},
    );
    expect(rows).toEqual([
      [0, null, 10],
      [null, 0, 300],
    ]);
    expect(totals).toEqual({});
  });

  test("withholds a second number where one alone would be the rest of a sum, the least that will do", () => {
    expect(suppress([[5], [40], [700]], { columns: [745] })).toEqual({
      rows: [[null], [null], [700]],
      totals: { columns: [745] },
    });
  });

  test("withholds a third where two are known to be 1 each", () => {
    const { rows } = suppress([[1], [1], [50], [60]], { columns: [112] });
    expect(rows.flat().filter((value) => value === null)).toHaveLength(3);
  });

  test("cannot be computed back from the totals, whatever the table", () => {
    fc.assert(
      fc.property(tables, which, (rows, names) => {
        const totals = chosen(rows, names);
        const shown = suppress(rows, totals);
        expect(computedBack(rows, totals, shown)).toEqual([]);
        expect(sameInAllTables(rows, totals, shown)).toEqual([]);
        for (const [i, row] of rows.entries())
          for (const [j, value] of row.entries()) if (value === 0) expect(shown.rows[i]?.[j]).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("of small numbers alone is undone by this very reader", () => {
    const rows = [
      [5, 20],
      [30, 40],
    ];
    const totals = totalsOf(rows);
    expect(computedBack(rows, totals, suppressAlone(rows, totals))).toEqual(["0,0"]);
    expect(sameInAllTables(rows, totals, suppressAlone(rows, totals))).toEqual(["0,0"]);
  });
});
