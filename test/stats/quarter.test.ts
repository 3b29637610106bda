import { expect, test } from "vitest";
import { daysOf, nextQuarter, publishedOn, quarterOf, quartersDue } from "../../src/stats/quarter.ts";

test("a quarter is London's: the hour before midnight in summer belongs to the next day", () => {
  expect(quarterOf(new Date("2026-06-30T22:59:59Z"))).toBe("2026-Q2");
  expect(quarterOf(new Date("2026-06-30T23:00:00Z"))).toBe("2026-Q3");
  expect(quarterOf(new Date("2026-12-31T23:59:59Z"))).toBe("2026-Q4");
});

test("its days, and the day from which it is public", () => {
  expect(daysOf("2028-Q1")).toEqual({ from: "2028-01-01", to: "2028-03-31" });
  expect(daysOf("2026-Q4")).toEqual({ from: "2026-10-01", to: "2026-12-31" });
  expect(publishedOn("2026-Q4")).toBe("2027-01-15");
  expect(nextQuarter("2026-Q4")).toBe("2027-Q1");
});

test("what is due by a day: nothing before its day has come", () => {
  expect(quartersDue("2026-Q2", "2026-07-14")).toEqual([]);
  expect(quartersDue("2026-Q2", "2026-07-15")).toEqual(["2026-Q2"]);
  expect(quartersDue("2026-Q2", "2027-01-15")).toEqual(["2026-Q2", "2026-Q3", "2026-Q4"]);
});
