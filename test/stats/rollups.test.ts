import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deps } from "../../src/deps.ts";
import { foldDeltas, rebuildStats } from "../../src/stats/fold-deltas.ts";
import { gatherFromRollups, gatherFromRows } from "../../src/stats/gather.ts";
import type { Case, Dimension } from "../../src/stats/model.ts";
import { beginningOf, dayOf, monthOf, nextDay } from "../../src/stats/period.ts";
import { queryStats, type StatsQuery } from "../../src/stats/query-stats.ts";
import { spansOf } from "../../src/stats/spans.ts";
import {
  addTo,
  createSpread,
  mergeInto,
  pack,
  percentile,
  takeFrom,
  unpack,
} from "../../src/stats/spread.ts";
import { readRebuilt, startOver } from "../../src/stats/store/rollups.ts";
import { depsOver } from "../access/support.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { poolsRegister } from "./histories.ts";
import { createRandom, createRandomWorld } from "./random-histories.ts";
import { slowFigures } from "./slow-reference.ts";

let db: TestDatabase;
let now = new Date();
let deps: Deps;
beforeAll(async () => {
  db = await createTestDatabase();
  deps = depsOver(db, { register: poolsRegister(), now: () => now });
  const document = {};
  await db.prisma.forum.createMany({
    data: ["parents", "carers"].map((slug, position) => ({ slug, position, document })),
  });
  await db.prisma.department.createMany({
    data: ["dwp", "health"].map((slug, position) => ({ slug, position, document })),
  });
  await db.prisma.pool.createMany({
    data: ["uc", "uc-second", "jabs"].map((slug, position) => ({
      slug,
      position,
      document,
      departmentSlug: slug === "jabs" ? "health" : "dwp",
    })),
  });
});
afterAll(() => db.drop());

const manager = { kind: "manager" } as const;
const fromRows = (query: StatsQuery, actor: Parameters<typeof queryStats>[2] = manager) =>
  queryStats(deps, query, actor, (_deps, question) => gatherFromRows(db.prisma, question));
/** The rollups as they are, whatever has not been folded. */
const fromRollups = (query: StatsQuery, actor: Parameters<typeof queryStats>[2] = manager) =>
  queryStats(deps, query, actor, (_deps, question) => gatherFromRollups(db.prisma, question));

const everyBy: Dimension[][] = [
  [],
  ["pool"],
  ["department", "month"],
  ["forum", "month"],
  ["topic", "pool"],
  ["language"],
  ["state"],
  ["outcome", "department"],
  ["topic", "outcome"],
];

async function foldEverything(): Promise<void> {
  while ((await foldDeltas(deps, 40)) > 0);
}

describe("rollups", () => {
  // From the week before the clocks go back; the walk crosses the change, month ends and bank holidays.
  const start = new Date("2026-10-20T08:00:00Z");
  let cases: readonly Case[];

  test("folded now and then while referrals are reopened, rerouted, merged and erased, equal the rows", async () => {
    const random = createRandom(20261025);
    const world = createRandomWorld(db, random, start);
    for (let i = 0; i < 900; i += 1) {
      await world.step();
      now = world.now();
      if (random() < 0.05) await foldDeltas(deps, 1 + Math.floor(random() * 30), 1);
    }
    cases = world.cases;
    await foldEverything();
    const period = { from: "2026-10-01" };
    for (const by of everyBy)
      expect(await fromRollups({ ...period, by })).toEqual(await fromRows({ ...period, by }));
    expect(cases.some(({ history }) => history.some(({ type }) => type === "referral.reopened"))).toBe(true);
  }, 120_000);

  test("equal a slow reference that looks at every event again, for all and for each forum and month", async () => {
    const { rows } = await queryStats(deps, { from: "2026-10-01" }, manager);
    expect(rows[0]).toMatchObject(slowFigures(cases, now));
    const byForum = await queryStats(deps, { from: "2026-10-01", by: ["forum", "month"] }, manager);
    for (const row of byForum.rows) {
      const own = cases.filter((one) => one.forum === row.forum && monthOf(one.submittedAt) === row.month);
      expect(row).toMatchObject(slowFigures(own, now));
    }
    expect(byForum.rows.length).toBeGreaterThan(4);
  });

  test("equal the rows for every period, also one that begins and ends in the middle of a day", async () => {
    const random = createRandom(7);
    const length = now.getTime() - start.getTime();
    for (let i = 0; i < 12; i += 1) {
      const [a, b] = [random(), random()]
        .map((share) => new Date(start.getTime() + share * length))
        .sort((x, y) => x.getTime() - y.getTime());
      const whole = i % 3 === 0;
      const period = {
        from: whole ? dayOf(a ?? start) : (a ?? start).toISOString(),
        to: whole ? dayOf(b ?? now) : (b ?? now).toISOString(),
      };
      for (const by of [["department"], ["state", "pool"]])
        expect(await fromRollups({ ...period, by })).toEqual(await fromRows({ ...period, by }));
    }
  });

  test("equal the rows for whoever sees only a part", async () => {
    for (const actor of [
      { kind: "manager", department: "health" },
      { kind: "forum", forum: "carers", voice: "moderator" },
    ] as const)
      for (const by of [[], ["pool"], ["topic"], ["outcome", "language"]]) {
        const query = { from: "2026-10-01", by };
        expect(await fromRollups(query, actor)).toEqual(await fromRows(query, actor));
      }
  });

  test("made anew from the events are the same, cell by cell", async () => {
    const cells = () =>
      db.prisma.statRollup.findMany({
        orderBy: [{ breakdown: "asc" }, { grain: "asc" }, { day: "asc" }, { pool: "asc" }, { value: "asc" }],
      });
    const normal = (list: Awaited<ReturnType<typeof cells>>) =>
      list.map((cell) => ({
        ...cell,
        figures: JSON.parse(JSON.stringify(cell.figures), (_key, value) =>
          Array.isArray(value) ? value.toSorted((a, b) => a - b) : value,
        ),
      }));
    const before = normal(await cells());
    await rebuildStats(deps);
    expect(normal(await cells())).toEqual(before);
    expect(before.length).toBeGreaterThan(100);
  });

  test("stopped while they are made anew, questions are answered from the rows and the next folds go on", async () => {
    const asked = { from: "2026-10-01", by: ["pool"] };
    const before = await queryStats(deps, asked, manager);
    await db.transaction((tx) => startOver(tx));
    expect(await db.prisma.statCase.count()).toBe(0);
    expect((await fromRows(asked)).rows).toEqual(before.rows);
    expect(await queryStats(deps, asked, manager)).toEqual(before);
    await foldEverything();
    expect(await readRebuilt(db.prisma)).toBeNull();
    expect(await fromRollups(asked)).toEqual(before);
    expect(await db.prisma.statCase.count()).toBe(cases.length);
  });

  test("notice a change that nobody told them of, and one that is not committed yet never", async () => {
    const one = cases.find(({ state }) => state === "withdrawn");
    const asked = { from: "2026-10-01", by: ["language"] };
    const before = await queryStats(deps, asked, manager);
    await db.prisma.$executeRaw`UPDATE referral SET language = 'gd' WHERE id = ${one?.id}::uuid`;
    expect((await queryStats(deps, asked, manager)).rows.map(({ language }) => language)).toContain("gd");
    await db.prisma.$executeRaw`UPDATE referral SET language = ${one?.language} WHERE id = ${one?.id}::uuid`;
    const undone = db.transaction(async (tx) => {
      await tx.$executeRaw`UPDATE referral SET language = 'gd' WHERE id = ${one?.id}::uuid`;
      expect(await queryStats(deps, asked, manager)).toEqual(before);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await queryStats(deps, asked, manager)).toEqual(before);
  });

  test("hold a change whose transaction began first and committed last", async () => {
    const [early, late] = cases.filter(({ state }) => state === "withdrawn");
    const asked = { from: "2026-10-01", by: ["language"] };
    await db.transaction(async (tx) => {
      await tx.$executeRaw`UPDATE referral SET language = 'gd' WHERE id = ${early?.id}::uuid`;
      await db.prisma.$executeRaw`UPDATE referral SET language = 'kw' WHERE id = ${late?.id}::uuid`;
      await foldEverything();
    });
    await foldEverything();
    const { rows } = await fromRollups(asked);
    expect(rows.map(({ language }) => language)).toEqual(expect.arrayContaining(["gd", "kw"]));
    expect(rows).toEqual((await fromRows(asked)).rows);
  });

  test("are folded by one instance at a time, and lose nothing between several", async () => {
    await db.prisma.$executeRaw`UPDATE referral SET urgency = 'soon'`;
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 20; i += 1) await foldDeltas(deps, 25, 1);
      }),
    );
    await foldEverything();
    expect(await db.prisma.statDelta.count()).toBe(0);
    expect(await fromRollups({ from: "2026-10-01", by: ["pool"] })).toEqual(
      await fromRows({ from: "2026-10-01", by: ["pool"] }),
    );
  });
});

describe("a period taken apart", () => {
  const minute = fc.integer({
    min: Date.parse("2026-02-01T00:00:00Z") / 60_000,
    max: Date.parse("2027-02-01T00:00:00Z") / 60_000,
  });

  test("is covered once by its months, days and ends", () => {
    fc.assert(
      fc.property(minute, minute, minute, fc.boolean(), fc.boolean(), (a, b, probe, wholeFrom, wholeTo) => {
        const [low, high] = [new Date(Math.min(a, b) * 60_000), new Date((Math.max(a, b) + 1) * 60_000)];
        const from = wholeFrom ? beginningOf(dayOf(low)) : low;
        const before = wholeTo ? beginningOf(nextDay(dayOf(high))) : high;
        const at = new Date(probe * 60_000);
        const { cells, rest } = spansOf({ from, before });
        const day = dayOf(at);
        const covered =
          rest.filter((span) => at >= span.from && (span.before === null || at < span.before)).length +
          cells.filter((span) => {
            const own = span.grain === "day" ? day : `${day.slice(0, 7)}-01`;
            return own >= span.from && (span.before === null || own < span.before);
          }).length;
        expect(covered).toBe(at >= from && at < before ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a spread of many times", () => {
  test("gives percentiles with a mean error of at most 2 %, and exactly for few", () => {
    const random = createRandom(3);
    let worst = 0;
    let sum = 0;
    const rounds = 200;
    for (let round = 0; round < rounds; round += 1) {
      const size = 100 + Math.floor(random() * 2_000);
      const values = Array.from({ length: size }, () => Math.round(Math.exp(random() * 14) * 1_000));
      const merged = createSpread();
      for (let from = 0; from < size; from += 120) {
        const cell = createSpread();
        for (const value of values.slice(from, from + 120)) addTo(cell, value);
        mergeInto(merged, pack(cell));
      }
      const exact = percentile({ values, buckets: [] }, 0.9) ?? 0;
      const error = Math.abs((percentile(merged, 0.9) ?? 0) - exact) / exact;
      worst = Math.max(worst, error);
      sum += error;
    }
    expect(sum / rounds).toBeLessThanOrEqual(0.02);
    expect(worst).toBeLessThanOrEqual(0.05);
    const few = createSpread();
    for (const value of [5_000, 1_000, 3_000]) addTo(few, value);
    expect(percentile(few, 0.5)).toBe(3_000);
  });

  test("is the same after it was packed and unpacked", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { maxLength: 400 }), (values) => {
        const spread = createSpread();
        for (const value of values) addTo(spread, value);
        expect(unpack(JSON.parse(JSON.stringify(pack(spread))))).toEqual(spread);
      }),
    );
    expect(unpack(pack({ values: [], buckets: [0, 127, 128, 3_000_000_000] })).buckets).toEqual([
      0, 127, 128, 3_000_000_000,
    ]);
  });

  test("gives back what is taken out again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 0, maxLength: 120 }),
        (values) => {
          const spread = createSpread();
          for (const value of values) addTo(spread, value);
          for (const value of values.toReversed()) takeFrom(spread, value);
          expect(spread).toEqual({ values: [], buckets: [] });
        },
      ),
    );
  });
});
