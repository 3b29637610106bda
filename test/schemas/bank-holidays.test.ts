import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { holidayDivisions } from "../../src/contract/vocabulary.ts";
import { bankHolidayDays } from "../../src/pools/bank-holidays.ts";

const Feed = z.record(z.string(), z.object({ events: z.array(z.object({ date: z.iso.date() })).min(1) }));

const source = new URL("../../../shared/data/bank-holidays.json", import.meta.url);
const feed = Feed.parse(JSON.parse(readFileSync(source, "utf8")));

describe("the bank holidays we carry are those that GOV.UK publishes", () => {
  test.each(holidayDivisions)("in %s", (division) => {
    const published = feed[division]?.events.map(({ date }) => date);
    const carried = Object.entries(bankHolidayDays[division]).flatMap(([year, days]) =>
      days.split(" ").map((day) => `${year}-${day}`),
    );
    expect(carried.sort()).toEqual(published?.sort());
  });

  test("in every division that is published", () => {
    expect(Object.keys(feed).sort()).toEqual([...holidayDivisions].sort());
  });
});
