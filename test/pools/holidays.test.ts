import { describe, expect, test } from "vitest";
import { holidayDivisions } from "../../src/contract/vocabulary.ts";
import { createHolidays, holidayCoverage, ukHolidays } from "../../src/pools/index.ts";

const dayOf = (date: string) => Date.parse(date) / 86_400_000;

describe("bank holidays", () => {
  test("are known for each division, with the days that only one of them keeps", () => {
    for (const division of holidayDivisions) expect(ukHolidays[division].has(dayOf("2026-12-25"))).toBe(true);
    expect(ukHolidays["england-and-wales"].has(dayOf("2026-08-31"))).toBe(true);
    expect(ukHolidays.scotland.has(dayOf("2026-08-31"))).toBe(false);
    expect(ukHolidays.scotland.has(dayOf("2026-11-30"))).toBe(true);
    expect(ukHolidays["northern-ireland"].has(dayOf("2026-03-17"))).toBe(true);
  });

  test("of 2012 to 2028 are 140, 157 and 174 days, as the feed has them", () => {
    expect(holidayDivisions.map((division) => ukHolidays[division].size)).toEqual([140, 157, 174]);
  });

  test("cover to the end of 2028 and warn from 90 days before", () => {
    expect(holidayCoverage(new Date("2026-11-22T12:00Z"))).toMatchObject({
      until: "2028-12-31",
      warn: false,
    });
    expect(holidayCoverage(new Date("2028-10-01T23:59Z"))).toEqual({
      until: "2028-12-31",
      daysLeft: 91,
      warn: false,
    });
    expect(holidayCoverage(new Date("2028-10-02T00:00Z"))).toEqual({
      until: "2028-12-31",
      daysLeft: 90,
      warn: true,
    });
    expect(holidayCoverage(new Date("2029-02-01T00:00Z"))).toMatchObject({ warn: true, daysLeft: -32 });
  });

  test("refuse a day that does not exist", () => {
    expect(() => createHolidays({ scotland: ["2026-02-30"] })).toThrow(RangeError);
  });
});
