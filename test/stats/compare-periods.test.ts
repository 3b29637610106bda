import { expect, test } from "vitest";
import { periodBefore } from "../../src/stats/compare-periods.ts";

const now = new Date("2026-12-10T12:00:00Z");

test("the period before has as many days of London, also where the clocks change between", () => {
  expect(periodBefore({ from: "2026-10-19", to: "2026-10-25" }, now)).toEqual({
    from: "2026-10-12",
    to: "2026-10-18",
  });
  expect(periodBefore({ from: "2026-03-30", to: "2026-03-30" }, now)).toEqual({
    from: "2026-03-29",
    to: "2026-03-29",
  });
});

test("where it is said in times, it is as long and ends where the other begins", () => {
  expect(periodBefore({ from: "2026-12-10T09:00:00Z", to: "2026-12-10T12:00:00Z" }, now)).toEqual({
    from: "2026-12-10T06:00:00.000Z",
    to: "2026-12-10T09:00:00.000Z",
  });
  expect(periodBefore({}, now)).toEqual({ from: "2026-10-11T12:00:00.000Z", to: "2026-11-10T12:00:00.000Z" });
  expect(() => periodBefore({ from: "2026-12-11" }, now)).toThrow("The period must end after it begins.");
});
