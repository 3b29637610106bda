import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { streamCsv } from "../../src/stats/csv.ts";
import type { Stats, StatsRow } from "../../src/stats/model.ts";
import { publicFigures } from "../../src/stats/public-figures.ts";
import { partsOf } from "../../src/stats/read-case.ts";
import { statsRows, summarise } from "../../src/stats/statement.ts";
import { addPart, createTally, toRow } from "../../src/stats/tally.ts";
import { caseOf, context, instantOf } from "./histories.ts";

const now = new Date("2026-07-01T09:00:00Z");

function rowOf(
  counts: Record<string, number>,
  about: Partial<StatsRow> = {},
  seconds: number[] = [],
): StatsRow {
  const tally = createTally();
  tally.counts = counts;
  for (const one of seconds)
    addPart(tally, {
      pool: null,
      counts: {},
      times: { firstReply: { elapsedMs: one * 1000, serviceMs: one * 1000 } },
    });
  return { ...toRow(tally, now, false), ...about };
}

const statsOf = (rows: StatsRow[], by: Stats["by"] = []): Stats => ({
  from: "2026-06-01T00:00:00.000Z",
  to: "2026-07-01T00:00:00.000Z",
  by,
  rows,
  notes: ["3 referrals are still open"],
});

describe("the summary", () => {
  test("says what the figures leave out, and never a mean", () => {
    const words = summarise(
      statsOf([
        rowOf(
          {
            received: 12,
            open: 3,
            finished: 9,
            resolved: 8,
            resolvedHelpful: 8,
            memberHelped: 4,
            confirmed: 6,
            "waiting:firstReply": 2,
          },
          {},
          [600, 1200, 7200],
        ),
      ]),
    );
    expect(words).toContain("12 referrals received, 3 still open.");
    expect(words).toContain(
      "half within 20 min, nine in ten within 1 h 40 min (3 counted; 2 still wait for it)",
    );
    expect(words).toContain("89 % of those finished were resolved with help");
    expect(words).toContain(
      "What these figures leave out: 3 referrals are still open. Times are of what has happened",
    );
    expect(words).not.toMatch(/mean|average/);
  });

  test("gives no rate where there is nothing to divide by", () => {
    const words = summarise(statsOf([rowOf({ received: 1, open: 1 })]));
    expect(words).toContain("None is finished, so there is no rate of resolution.");
    expect(words).not.toContain("0 %");
  });
});

test("the table for a terminal has a line of names and one for each group", () => {
  const [head, first] = statsRows(statsOf([rowOf({ received: 2, open: 1 }, { pool: "uc" })], ["pool"]));
  expect(head?.slice(0, 3)).toEqual(["pool", "received", "open"]);
  expect(first?.slice(0, 4)).toEqual(["uc", "2", "1", "–"]);
  expect(first).toHaveLength(head?.length ?? 0);
});

test("a cell that a spreadsheet would run as a formula is text", async () => {
  const csv = streamCsv(
    statsOf([rowOf({ received: 1 }, { topic: '=HYPERLINK("https://x.example")' })], ["topic"]),
  );
  expect(csv).toBeInstanceOf(Readable);
  expect((await text(csv)).split("\r\n")[1]).toMatch(/^"'=HYPERLINK\(""https:\/\/x\.example""\)",1,/);
});

describe("public figures", () => {
  const forum = (name: string, received: number, about: Partial<StatsRow> = {}) =>
    rowOf(
      { received },
      { forum: name, ...about },
      Array.from({ length: received }, () => 60),
    );

  test("keep a forum with fewer than 10 referrals out of the rows, and its number out of reach", () => {
    const { rows, totals, notes } = publicFigures([forum("a", 120), forum("b", 4), forum("c", 40)], "forum");
    expect(rows.map(({ name }) => name)).toEqual(["a", "c"]);
    const shown = rows.map(({ counts }) => counts.received);
    expect(totals.received === null || shown.includes(null)).toBe(true);
    expect(notes).toContain("Forums with fewer than 10 referrals are part of the totals only");
  });

  test("rank only where every row has at least 100", () => {
    const names = (rows: StatsRow[]) => publicFigures(rows, "forum").rows.map(({ name }) => name);
    expect(names([forum("a", 100), forum("b", 300)])).toEqual(["b", "a"]);
    expect(names([forum("a", 99), forum("b", 300)])).toEqual(["a", "b"]);
  });

  test("count a referral once that both the member and a moderator say was helped", () => {
    const line = "09:00 offered uc; 09:05 claimed; 09:30 replied; 10:00 resolved helped member";
    const tally = createTally();
    for (let i = 0; i < 12; i += 1)
      for (const part of partsOf(
        caseOf(`${line}; 10:05 feedback helped moderator`),
        context,
        instantOf("11:00"),
      ))
        addPart(tally, part);
    const { totals } = publicFigures([toRow(tally, instantOf("11:00"), false)], "department");
    expect([totals.received, totals.resolved, totals.helped]).toEqual([12, 12, 12]);
  });
});
