import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StatsRow } from "../../src/stats/model.ts";
import { type PublicFigures, publicDimensions, publicFigures } from "../../src/stats/public-figures.ts";
import { suppress } from "../../src/stats/suppress.ts";

interface One {
  department: number;
  forum: number;
  month: number;
  isAnswered: boolean;
  isResolved: boolean;
  isHelped: boolean;
}
type Names = (typeof publicDimensions)[number];
const counted = ["received", "answered", "resolved", "helped"] as const;
type Counted = (typeof counted)[number];
type Counts = Record<Counted, number>;

const nothing: Counts = { received: 0, answered: 0, resolved: 0, helped: 0 };
const add = (sum: Counts, { isAnswered, isResolved, isHelped }: One): Counts => ({
  received: sum.received + 1,
  answered: sum.answered + (isAnswered ? 1 : 0),
  resolved: sum.resolved + (isResolved ? 1 : 0),
  helped: sum.helped + (isResolved && isHelped ? 1 : 0),
});

/** True counts of each row of each table, and of all. */
function truth(referrals: readonly One[]) {
  const of = (by: Names) => {
    const rows = new Map<string, Counts>();
    for (const one of referrals)
      rows.set(`${by}-${one[by]}`, add(rows.get(`${by}-${one[by]}`) ?? nothing, one));
    return rows;
  };
  return {
    tables: Object.fromEntries(publicDimensions.map((by) => [by, of(by)])) as Record<
      Names,
      Map<string, Counts>
    >,
    all: referrals.reduce(add, nothing),
  };
}

const rowsOf = (table: ReadonlyMap<string, Counts>, by: Names): StatsRow[] =>
  [...table].map(
    ([name, { received, answered, resolved, helped }]) =>
      ({
        [by]: name,
        received,
        timeToFirstReply: { count: answered },
        timeToResolution: { count: resolved },
        memberHelped: helped,
      }) as unknown as StatsRow,
  );

const publish = (table: ReadonlyMap<string, Counts>, by: Names) => publicFigures(rowsOf(table, by), by);

/** Of what a reader knows that the first is never more than the second, in each row and in all. */
const laws: [Counted, Counted][] = [
  ["helped", "resolved"],
  ["resolved", "received"],
  ["answered", "received"],
];

/** Between which bounds a number lies for a reader. */
interface Known {
  value: number;
  low: number;
  high: number;
}
type Line = Record<Counted, Known>;
type Shown = Record<Names, Pick<PublicFigures, "rows" | "totals">>;

const lineOf = (of: (count: Counted) => Known) =>
  Object.fromEntries(counted.map((count) => [count, of(count)])) as Line;

/** What is known of each row before anything is computed: a lone withheld number is no 0, and few came from who is not listed. */
function linesOf(shown: Shown, true_: ReturnType<typeof truth>, by: Names): [string, Line][] {
  const { rows } = shown[by];
  const isWhole = (count: Counted) => rows.every(({ counts }) => counts[count] === null);
  return [...true_.tables[by]].map(([name, counts]) => {
    const row = rows.find((one) => one.name === name);
    const line = lineOf((count) => {
      const seen = row?.counts[count] ?? null;
      if (seen !== null) return { value: counts[count], low: seen, high: seen };
      const isAlone = !row && rows.length > 0 && count === "received";
      const low = row ? (isWhole(count) ? 0 : 1) : isAlone ? 1 : 0;
      return { value: counts[count], low, high: isAlone ? 9 : Number.POSITIVE_INFINITY };
    });
    return [name, line];
  });
}

/** What a reader certainly knows, from every table at once: bounds, narrowed as long as anything gives. */
function certainOf(shown: Shown, true_: ReturnType<typeof truth>): string[] {
  // Where any table shows the total, it is known beside the others too; otherwise it is a number from 1 to 9.
  const totals = lineOf((count) => {
    const said = publicDimensions.map((by) => shown[by].totals[count]).find((total) => total !== null);
    return { value: true_.all[count], low: said ?? 1, high: said ?? 9 };
  });
  const tables = publicDimensions.map((by) => linesOf(shown, true_, by));
  const narrow = (one: Known, low: number, high: number) => {
    one.low = Math.max(one.low, low);
    one.high = Math.min(one.high, high);
  };
  for (let round = 0; round < 60; round += 1)
    for (const table of tables) {
      for (const line of [totals, ...table.map(([, line]) => line)])
        for (const [less, more] of laws) {
          narrow(line[less], 0, line[more].high);
          narrow(line[more], line[less].low, Number.POSITIVE_INFINITY);
        }
      for (const count of counted) {
        const column = table.map(([, line]) => line[count]);
        const sum = (side: "low" | "high", without?: Known) =>
          column.reduce((all, cell) => (cell === without ? all : all + cell[side]), 0);
        narrow(totals[count], sum("low"), sum("high"));
        for (const cell of column)
          narrow(cell, totals[count].low - sum("high", cell), totals[count].high - sum("low", cell));
      }
    }
  return [["all", totals] as [string, Line], ...tables.flat()].flatMap(([name, line]) =>
    counted
      .filter(
        (count) => line[count].value > 0 && line[count].value < 10 && line[count].low === line[count].high,
      )
      .map((count) => `${count} of ${name}`),
  );
}

const referral = fc.record({
  department: fc.integer({ min: 0, max: 3 }),
  forum: fc.integer({ min: 0, max: 6 }),
  month: fc.integer({ min: 0, max: 2 }),
  isAnswered: fc.boolean(),
  isResolved: fc.boolean(),
  isHelped: fc.boolean(),
});
/** Quarters in which some departments and forums have much and others little. */
const quarters = fc
  .tuple(
    fc.array(referral, { maxLength: 120 }),
    fc.array(fc.tuple(referral, fc.integer({ min: 1, max: 60 })), { maxLength: 6 }),
  )
  .map(([few, many]) => [
    ...few,
    ...many.flatMap(([one, times]) => Array.from({ length: times }, () => one)),
  ]);

describe("the tables of one quarter, read together,", () => {
  test("give away no number under 10, by sums or by differences", () => {
    fc.assert(
      fc.property(quarters, (referrals) => {
        const known = truth(referrals);
        const shown = Object.fromEntries(
          publicDimensions.map((by) => [by, publish(known.tables[by], by)]),
        ) as Record<Names, PublicFigures>;
        expect(certainOf(shown, known)).toEqual([]);
        for (const by of publicDimensions)
          for (const { counts } of shown[by].rows)
            for (const value of Object.values(counts))
              expect(value === null || value === 0 || value >= 10).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("withhold a number beside a small one although the total could be withheld instead, because others show it", () => {
    const counts = (received: number) => ({ received, answered: 0, resolved: 0, helped: 0 });
    const table = new Map([
      ["forum-0", counts(4)],
      ["forum-1", counts(400)],
      ["forum-2", counts(30)],
    ]);
    const { rows, totals } = publish(table, "forum");
    expect(totals.received).toBe(434);
    expect(rows.map(({ counts: shown }) => shown.received)).toEqual([400, null]);
  });

  test("withhold a whole column where nothing in it could be otherwise: ten forums with 1 each, and 10 in all", () => {
    const table = new Map(
      Array.from({ length: 12 }, (_, i) => [
        `month-${i}`,
        { received: 100, answered: i < 10 ? 1 : 0, resolved: 0, helped: 0 },
      ]),
    );
    const { rows, totals } = publish(table, "month");
    expect(totals.answered).toBe(10);
    expect(rows.map(({ counts }) => counts.answered)).toEqual(Array(12).fill(null));
  });

  test("would give them away if each table were made by itself", () => {
    const counts = (received: number) => ({ received, answered: 0, resolved: 0, helped: 0 });
    const referrals = {
      tables: {
        department: new Map([
          ["department-0", counts(60)],
          ["department-1", counts(40)],
        ]),
        forum: new Map([
          ["forum-0", counts(5)],
          ["forum-1", counts(95)],
        ]),
        month: new Map([["month-0", counts(100)]]),
      },
      all: counts(100),
    };
    /** Hides the total beside one small number: the cheapest, and useless beside another table that shows it. */
    const alone = (by: Names) => {
      const [first, second] = [...referrals.tables[by]].map(([, { received }]) => received);
      const safe = suppress([[first ?? 0], [second ?? 0]], { columns: [100] });
      const isForum = by === "forum";
      const names = [...referrals.tables[by].keys()];
      return {
        rows: names.map((name, i) => ({
          name,
          counts: {
            received: isForum ? ([null, 95][i] ?? null) : (safe.rows[i]?.[0] ?? null),
            answered: 0,
            resolved: 0,
            helped: 0,
          },
        })),
        totals: { received: isForum ? null : 100, answered: 0, resolved: 0, helped: 0 },
      };
    };
    const shown = Object.fromEntries(publicDimensions.map((by) => [by, alone(by)])) as Parameters<
      typeof certainOf
    >[0];
    expect(certainOf(shown, referrals)).toEqual(["received of forum-0"]);
  });
});
