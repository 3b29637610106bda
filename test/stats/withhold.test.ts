import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StatsRow } from "../../src/stats/model.ts";
import { besideTable, type PublicRow, publicFigures } from "../../src/stats/public-figures.ts";

const columns = ["received", "answered", "resolved", "helped"] as const;
type Counts = Record<(typeof columns)[number], number>;
type Counted = Counts & { open: number };

const countsOf = (
  received: number,
  answered: number,
  resolved: number,
  helped: number,
  open = 0,
): Counted => ({
  received,
  answered,
  resolved,
  helped,
  open,
});
const isSmall = (value: number) => value > 0 && value < 10;

/** The table by department and what may stand beside it, of what was counted for A, B, C and so on. */
function publish(counted: readonly Counted[]) {
  const rows = counted.map(
    (one, i) =>
      ({
        department: "abcdef"[i],
        received: one.received,
        open: one.open,
        timeToFirstReply: { count: one.answered },
        timeToResolution: { count: one.resolved },
        memberHelped: one.helped,
      }) as unknown as StatsRow,
  );
  const figures = publicFigures(rows, "department");
  const beside = besideTable(rows, figures);
  return { ...figures, open: rows.map(({ department }) => beside[department ?? ""]?.open ?? null) };
}
type Published = ReturnType<typeof publish>;

/** All that a column can be in two rows, for what is published of it: its sum, and that a lone withheld number is no 0. */
function pairsOf({ rows, totals }: Published, column: keyof Counts): [number, number][] {
  const [a = null, b = null] = rows.map(({ counts }) => counts[column]);
  const least = a === null && b === null ? 0 : 1;
  const total = totals[column];
  const sums = total === null ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [total];
  const may = (value: number, seen: number | null) => (seen === null ? value >= least : value === seen);
  return sums.flatMap((sum) =>
    Array.from({ length: sum + 1 }, (_, first): [number, number] => [first, sum - first]).filter(
      ([first, second]) => may(first, a) && may(second, b),
    ),
  );
}

/** The small numbers of two rows that are the same in every table that publishes the same and that can be. */
function certainIn(counted: readonly Counted[]): string[] {
  const shown = publish(counted);
  const [received, answered, resolved, helped] = columns.map((column) => pairsOf(shown, column));
  const isAnyWithheld = shown.rows.some(({ counts }) => Object.values(counts).includes(null));
  const left = new Set(
    counted.flatMap((one, i) =>
      columns.filter((column) => isSmall(one[column])).map((name) => `${i} ${name}`),
    ),
  );
  const see = (values: Partial<Record<keyof Counts, [number, number]>>) => {
    for (const [name, pair] of Object.entries(values) as [keyof Counts, [number, number]][])
      for (const i of [0, 1] as const) if (pair[i] !== counted[i]?.[name]) left.delete(`${i} ${name}`);
  };
  const isUnder = (less: [number, number], more: [number, number]) =>
    less[0] <= more[0] && less[1] <= more[1];
  for (const all of received ?? []) {
    if (left.size === 0) break;
    const finished = all.map((one, i) => one - (shown.open[i] ?? 0)) as [number, number];
    const replies = (answered ?? []).filter((pair) => isUnder(pair, all));
    if (replies.length === 0) continue;
    for (const done of (resolved ?? []).filter((pair) => isUnder(pair, finished)))
      for (const words of (helped ?? []).filter((pair) => isUnder(pair, done))) {
        // Something small was withheld somewhere.
        const reason = [all, done, words].some((pair) => pair.some(isSmall)) || !isAnyWithheld;
        const possible = reason ? replies : replies.filter((pair) => pair.some(isSmall));
        for (const pair of possible) see({ received: all, answered: pair, resolved: done, helped: words });
      }
  }
  return [...left];
}

const row = fc
  .tuple(fc.nat(26), fc.nat(26), fc.nat(26), fc.nat(26), fc.nat(26))
  .map(([received, a, r, h, o]) => {
    const resolved = Math.min(received, r);
    return countsOf(
      received,
      Math.min(received, a),
      resolved,
      Math.min(resolved, h),
      Math.min(received - resolved, o),
    );
  });
const nulls = (rows: readonly PublicRow[], column: keyof Counts) => rows.map(({ counts }) => counts[column]);

describe("what a reader knows of any referral", () => {
  test("gives no number under 10 away: no more helped than were resolved, no more resolved than are not open", () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        expect(certainIn([a, b])).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("does not tell from how many are open what was resolved: nothing is beside a row with a withheld count", () => {
    const { rows, open } = publish([
      countsOf(40, 40, 9, 0, 30),
      countsOf(40, 40, 12, 0, 28),
      countsOf(40, 40, 25, 0, 10),
      countsOf(70, 70, 60, 0, 10),
    ]);
    expect(nulls(rows, "resolved")).toEqual([null, null, 25, 60]);
    expect(open).toEqual([null, null, 10, 10]);
  });

  test("does not tell how many helped where almost all that were resolved did", () => {
    const counted = [countsOf(30, 30, 10, 9), countsOf(30, 30, 12, 12), countsOf(50, 50, 50, 50)];
    const { rows, totals } = publish(counted);
    expect(totals.helped).toBe(71);
    expect(nulls(rows, "helped")).toEqual([null, null, null]);
    // With 10, 12 and 50 resolved only one way to 71 has a small number in it.
    expect(nulls(rows, "resolved")).toEqual([null, null, null]);
    expect(certainIn([countsOf(30, 30, 10, 9), countsOf(30, 30, 12, 12)])).toEqual([]);
  });

  test("takes the next column away where one is not enough", () => {
    const { rows } = publish([countsOf(30, 30, 5, 0), countsOf(20, 20, 20, 20)]);
    expect(nulls(rows, "resolved")).toEqual([null, null]);
    expect(nulls(rows, "helped")).toEqual([null, null]);
    expect(nulls(rows, "answered")).toEqual([30, 20]);
  });

  test("does not tell how many are open where nearly all were resolved, whether one is or none", () => {
    const other = countsOf(60, 60, 30, 30, 20);
    for (const open of [0, 1])
      expect(publish([countsOf(21, 21, 20, 20, open), other]).open).toEqual([null, 20]);
  });

  test("costs nothing where it tells nothing", () => {
    const { rows } = publish([
      countsOf(40, 38, 30, 20, 10),
      countsOf(50, 40, 5, 5, 10),
      countsOf(60, 50, 12, 11, 0),
    ]);
    expect(nulls(rows, "received")).toEqual([40, 50, 60]);
    expect(nulls(rows, "answered")).toEqual([38, 40, 50]);
    expect(nulls(rows, "resolved")).toEqual([30, null, null]);
    expect(nulls(rows, "helped")).toEqual([20, null, null]);
  });
});

describe("a table by forum", () => {
  const forums = (...received: number[]) =>
    publicFigures(
      received.map(
        (count, i) =>
          ({
            forum: `f${i}`,
            received: count,
            timeToFirstReply: { count: 0 },
            timeToResolution: { count: 0 },
            memberHelped: 0,
          }) as unknown as StatsRow,
      ),
      "forum",
    );

  test("withholds of a listed forum only what leaves the other unknown, for being listed means 10 or more", () => {
    expect(forums(10, 1, 40).rows.map(({ counts }) => counts.received)).toEqual([null, null]);
    expect(forums(10, 5, 40).rows.map(({ counts }) => counts.received)).toEqual([null, 40]);
  });

  test("has no rows where their number and the total leave one possibility", () => {
    const { rows, totals } = forums(10, 1);
    expect([rows, totals.received]).toEqual([[], 11]);
  });
});
