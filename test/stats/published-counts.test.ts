import fc from "fast-check";
import { expect, test } from "vitest";
import type { StatsRow } from "../../src/stats/model.ts";
import { besideTable, publicFigures, type QuarterFigures } from "../../src/stats/public-figures.ts";
import { publishedCounts } from "../../src/stats/published-counts.ts";
import { daysOf, quartersOf } from "../../src/stats/quarter.ts";

const quarters = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"];

const rowOf = (department: string, received: number, answered: number, open: number): StatsRow => {
  const time = { count: answered, median: 1, p90: 1, serviceMedian: 1, serviceP90: 1, waiting: 0 };
  return {
    department,
    received,
    open,
    timeToFirstReply: time,
    timeToResolution: time,
    memberHelped: answered,
  } as unknown as StatsRow;
};

/** A quarter as it is published: of each department what was received, answered and is open. */
function publish(quarter: string, departments: Record<string, [number, number, number]>): QuarterFigures {
  const rows = Object.entries(departments).map(([name, counts]) => rowOf(name, ...counts));
  const department = publicFigures(rows, "department");
  return {
    quarter,
    ...daysOf(quarter),
    publishedOn: "2027-01-15",
    tables: { department } as QuarterFigures["tables"],
    beside: besideTable(rows, department),
  };
}

test("a withheld quarter cannot be computed back from half a year less the other quarter", () => {
  const published = [
    publish("2026-Q1", { a: [7, 7, 0], b: [50, 50, 0] }),
    publish("2026-Q2", { a: [30, 30, 0], b: [50, 50, 0] }),
  ];
  const half = publishedCounts(published, { from: "2026-01-01", to: "2026-06-30" }, ["a"]);
  const second = publishedCounts(published, daysOf("2026-Q2"), ["a"]);
  expect(second.received).toBe(30);
  expect(half).toMatchObject({
    quarters: ["2026-Q1", "2026-Q2"],
    received: null,
    answered: null,
    helped: null,
  });
});

test("no report, and no difference of two, tells what the published quarters do not", () => {
  const counts = fc
    .tuple(fc.nat(60), fc.nat(60), fc.nat(60))
    .map(([received, answered, open]): [number, number, number] => [
      received,
      Math.min(received, answered),
      Math.min(received, open),
    ]);
  const year = fc.array(fc.dictionary(fc.constantFrom("a", "b", "c"), counts), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(year, (all) => {
      const published = quarters.map((quarter, i) => publish(quarter, all[i] ?? {}));
      for (const [i, first] of quarters.entries())
        for (const last of quarters.slice(i)) {
          const period = { from: daysOf(first).from, to: daysOf(last).to };
          const report = publishedCounts(published, period, ["a"]);
          const parts = quartersOf(period).map((quarter) =>
            publishedCounts(published, daysOf(quarter), ["a"]),
          );
          for (const name of ["received", "answered", "helped", "open"] as const) {
            const known = parts.map((part) => part[name]);
            for (const part of known) expect(part === null || part === 0 || part >= 10).toBe(true);
            // All that a report says is a sum of numbers that everybody has.
            const sum = known.every((part) => part !== null)
              ? known.reduce((a: number, b) => a + (b ?? 0), 0)
              : null;
            expect(report[name]).toBe(sum);
          }
        }
    }),
  );
});

test("a period of other days, or with a quarter that is not published, has no figures at all", () => {
  const published = [publish("2026-Q1", { a: [40, 40, 0] })];
  for (const period of [
    { from: "2026-01-01", to: "2026-03-30" },
    { from: "2026-01-02", to: "2026-03-31" },
    { from: "2026-02-01", to: "2026-02-28" },
    { from: "2026-01-01", to: "2026-06-30" },
  ])
    expect(publishedCounts(published, period, ["a"])).toMatchObject({
      quarters: [],
      received: null,
      open: null,
    });
});

test("times are those of one quarter, where the number of them is shown", () => {
  const published = [
    publish("2026-Q1", { a: [40, 40, 0], b: [30, 3, 27] }),
    publish("2026-Q2", { a: [40, 40, 0], b: [30, 3, 27] }),
  ];
  const of = (to: string, name: string) => publishedCounts(published, { from: "2026-01-01", to }, [name]);
  expect(of("2026-03-31", "b")).toMatchObject({ answered: null, firstReplyMedian: null });
  expect(of("2026-06-30", "a").firstReplyMedian).toBeNull();
  const alone = publishedCounts([publish("2026-Q1", { a: [40, 40, 0] })], daysOf("2026-Q1"), ["a"]);
  expect(alone).toMatchObject({ received: 40, answered: 40, open: 0, firstReplyMedian: 1, resolutionP90: 1 });
});

test("a department that was renamed keeps the quarters under its old name; one without a row had nothing", () => {
  const published = [publish("2026-Q1", { old: [40, 40, 0] })];
  expect(publishedCounts(published, daysOf("2026-Q1"), ["new", "old"]).received).toBe(40);
  expect(publishedCounts(published, daysOf("2026-Q1"), ["other"])).toMatchObject({ received: 0, open: 0 });
});
