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
  isHelped: boolean;
}
type Names = (typeof publicDimensions)[number];
const counted = ["received", "answered", "helped"] as const;
type Counted = (typeof counted)[number];
type Counts = Record<Counted, number>;

const nothing: Counts = { received: 0, answered: 0, helped: 0 };
const add = (sum: Counts, { isAnswered, isHelped }: One): Counts => ({
  received: sum.received + 1,
  answered: sum.answered + (isAnswered ? 1 : 0),
  helped: sum.helped + (isHelped ? 1 : 0),
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
    ([name, { received, answered, helped }]) =>
      ({
        [by]: name,
        received,
        timeToFirstReply: { count: answered },
        timeToResolution: { count: answered },
        memberHelped: helped,
      }) as unknown as StatsRow,
  );

const publish = (table: ReadonlyMap<string, Counts>, by: Names) => publicFigures(rowsOf(table, by), by);

/** What a reader certainly knows of each number, from every table at once: bounds, narrowed as long as anything gives. */
function certainOf(
  shown: Record<Names, Pick<PublicFigures, "rows" | "totals">>,
  true_: ReturnType<typeof truth>,
  count: Counted,
): string[] {
  const certain: string[] = [];
  // Where any table shows the total, it is known beside the others too; otherwise it is a number from 1 on.
  const said = publicDimensions.map((by) => shown[by].totals[count]).find((total) => total !== null);
  let total = said === undefined ? { low: 1, high: Number.POSITIVE_INFINITY } : { low: said, high: said };
  const cells = publicDimensions.map((by) =>
    [...true_.tables[by]].map(([name, counts]) => {
      const row = shown[by].rows.find((one) => one.name === name);
      const seen = row?.counts[count];
      const exact = { low: seen ?? 0, high: seen ?? Number.POSITIVE_INFINITY };
      return {
        name,
        value: counts[count],
        isListed: row !== undefined,
        ...(seen == null ? { low: 0, high: exact.high } : exact),
      };
    }),
  );
  for (let round = 0; round < 60; round += 1) {
    for (const row of cells) {
      const sum = (side: "low" | "high", without?: object) =>
        row.reduce((all, cell) => (cell === without ? all : all + cell[side]), 0);
      total = { low: Math.max(total.low, sum("low")), high: Math.min(total.high, sum("high")) };
      for (const cell of row) {
        const [low, high] = [total.low - sum("high", cell), total.high - sum("low", cell)];
        cell.low = Math.max(cell.low, low);
        cell.high = Math.min(cell.high, high);
      }
    }
  }
  for (const row of cells)
    for (const { name, value, low, high } of row)
      if (value > 0 && value < 10 && low === high) certain.push(`${count} of ${name}`);
  return certain;
}

const referral = fc.record({
  department: fc.integer({ min: 0, max: 3 }),
  forum: fc.integer({ min: 0, max: 6 }),
  month: fc.integer({ min: 0, max: 2 }),
  isAnswered: fc.boolean(),
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
        for (const count of counted) expect(certainOf(shown, known, count)).toEqual([]);
        for (const by of publicDimensions)
          for (const { counts } of shown[by].rows)
            for (const value of Object.values(counts))
              expect(value === null || value === 0 || value >= 10).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("withhold a number beside a small one although the total could be withheld instead, because others show it", () => {
    const counts = (received: number) => ({ received, answered: 0, helped: 0 });
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
        { received: 100, answered: i < 10 ? 1 : 0, helped: 0 },
      ]),
    );
    const { rows, totals } = publish(table, "month");
    expect(totals.answered).toBe(10);
    expect(rows.map(({ counts }) => counts.answered)).toEqual(Array(12).fill(null));
  });

  test("would give them away if each table were made by itself", () => {
    const counts = (received: number) => ({ received, answered: 0, helped: 0 });
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
    expect(certainOf(shown, referrals, "received")).toEqual(["received of forum-0"]);
  });
});
