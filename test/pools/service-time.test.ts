import { describe, expect, test } from "vitest";
import {
  addServiceTime,
  createHolidays,
  isOpen,
  parseHours,
  ServiceHours,
  serviceMsBetween,
  ukHolidays,
} from "../../src/pools/index.ts";
import { nextOpening } from "./next-opening.ts";

function hoursOf(weekly: unknown, division = "england-and-wales") {
  return parseHours(ServiceHours.parse({ division, weekly }));
}

const office = hoursOf({ "mon-fri": "09:00-17:00" });
const pause = hoursOf({ "mon-fri": ["09:00-12:00", "13:00-17:00"] });
const uneven = hoursOf({
  mon: "09:00-17:00",
  tue: "10:00-16:00",
  wed: "09:00-17:00",
  thu: ["09:00-11:00", "14:00-17:00"],
});
const always = hoursOf({ "mon-sun": "00:00-24:00" });
const nights = hoursOf({ "mon-sun": ["00:00-06:00", "22:00-24:00"] });

const HOUR_MS = 3_600_000;

describe("a target in service time", () => {
  // 2026-11-06 is a Friday without bank holidays near it, and London is on GMT.
  test.each([
    ["counts open minutes within a day", office, "2026-11-06T10:00Z", "PT2H", "2026-11-06T12:00Z"],
    ["may end at a closing time", office, "2026-11-06T15:00Z", "PT2H", "2026-11-06T17:00Z"],
    ["goes on after the weekend", office, "2026-11-06T16:30Z", "PT2H", "2026-11-09T10:30Z"],
    ["does not count a pause", pause, "2026-11-06T11:00Z", "PT2H", "2026-11-06T14:00Z"],
    ["counts from the next opening in the evening", office, "2026-11-06T20:00Z", "PT2H", "2026-11-09T11:00Z"],
    ["counts a closing time as closed", office, "2026-11-06T17:00Z", "PT1H", "2026-11-09T10:00Z"],
    ["of a day ends at the same clock time", office, "2026-11-05T15:00Z", "P1D", "2026-11-06T15:00Z"],
    ["of a day leaps over the weekend", office, "2026-11-06T15:00Z", "P1D", "2026-11-09T15:00Z"],
    ["of a day counts a night from the opening", office, "2026-11-05T03:00Z", "P1D", "2026-11-06T09:00Z"],
    [
      "of a day counts a Saturday from Monday's opening",
      office,
      "2026-11-07T07:00Z",
      "P1D",
      "2026-11-10T09:00Z",
    ],
    ["of a day is held to an earlier closing", uneven, "2026-11-09T16:30Z", "P1D", "2026-11-10T16:00Z"],
    ["of a day is held to a later opening", uneven, "2026-11-09T09:15Z", "P1D", "2026-11-10T10:00Z"],
    [
      "of a day in a pause waits for the opening after it",
      uneven,
      "2026-11-11T12:00Z",
      "P1D",
      "2026-11-12T14:00Z",
    ],
    ["of days is held once, on the last", uneven, "2026-11-09T16:30Z", "P2D", "2026-11-11T16:30Z"],
    ["of five days is a working week", office, "2026-11-06T15:00Z", "P5D", "2026-11-13T15:00Z"],
    ["of days and hours takes the days first", office, "2026-11-05T16:00Z", "P1DT2H", "2026-11-09T10:00Z"],
  ])("%s", (_, hours, start, duration, due) => {
    expect(addServiceTime(new Date(start), duration, hours, ukHolidays)).toEqual(new Date(due));
  });

  test("leaps over Christmas: Boxing Day on a Saturday is kept on Monday", () => {
    const due = addServiceTime(new Date("2026-12-24T16:00Z"), "PT2H", office, ukHolidays);
    expect(due).toEqual(new Date("2026-12-29T10:00Z"));
  });

  test("differs by division: 2 January is a holiday in Scotland, 13 July in Northern Ireland", () => {
    const add = (start: string, division: string) =>
      addServiceTime(
        new Date(start),
        "P1D",
        hoursOf({ "mon-fri": "09:00-17:00" }, division),
        ukHolidays,
      ).toISOString();
    expect(add("2025-12-31T12:00Z", "england-and-wales")).toBe("2026-01-02T12:00:00.000Z");
    expect(add("2025-12-31T12:00Z", "scotland")).toBe("2026-01-05T12:00:00.000Z");
    expect(add("2026-07-10T12:00Z", "scotland")).toBe("2026-07-13T12:00:00.000Z");
    expect(add("2026-07-10T12:00Z", "northern-ireland")).toBe("2026-07-14T12:00:00.000Z");
  });

  test("refuses an invalid moment and a duration that no schema has taken", () => {
    expect(() => addServiceTime(new Date("never"), "PT2H", office, ukHolidays)).toThrow(RangeError);
    expect(() => addServiceTime(new Date(0), "P1W", office, ukHolidays)).toThrow(RangeError);
  });

  test("says so when holidays close a pool for ever, instead of searching for ever", () => {
    const sundays = hoursOf({ sun: "09:00-10:00" });
    const dates = Array.from({ length: 600 }, (_, i) =>
      new Date(Date.UTC(2026, 0, 4 + i * 7)).toISOString().slice(0, 10),
    );
    const closed = createHolidays({ "england-and-wales": dates });
    expect(() => nextOpening(new Date("2026-01-01T00:00Z"), sundays, closed)).toThrow(/never open/);
  });
});

describe("clock changes", () => {
  // Europe/London: forward on 2027-03-28 at 01:00 GMT, back on 2026-10-25 at 02:00 BST.
  test("opening times are wall clock: 09:00 is another instant in summer", () => {
    expect(nextOpening(new Date("2027-03-26T20:00Z"), office, createHolidays({}))).toEqual(
      new Date("2027-03-29T08:00Z"),
    );
    expect(addServiceTime(new Date("2026-10-23T14:00Z"), "P1D", office, ukHolidays)).toEqual(
      new Date("2026-10-26T15:00Z"),
    );
  });

  test("a day of 24:00 is 23 and 25 real hours long, and minutes are counted in real time", () => {
    const dayMs = (from: string, to: string) =>
      serviceMsBetween(new Date(from), new Date(to), always, createHolidays({}));
    expect(dayMs("2027-03-28T00:00Z", "2027-03-28T23:00Z")).toBe(23 * HOUR_MS);
    expect(dayMs("2026-10-24T23:00Z", "2026-10-26T00:00Z")).toBe(25 * HOUR_MS);
    const due = addServiceTime(new Date("2026-10-24T22:00Z"), "PT26H", always, createHolidays({}));
    expect(due).toEqual(new Date("2026-10-26T00:00Z"));
  });

  test("a night over a clock change is an hour shorter or longer", () => {
    const night = (from: string, to: string) =>
      serviceMsBetween(new Date(from), new Date(to), nights, createHolidays({}));
    expect(night("2027-03-27T12:00Z", "2027-03-28T12:00Z")).toBe(7 * HOUR_MS);
    expect(night("2026-10-24T12:00Z", "2026-10-25T12:00Z")).toBe(9 * HOUR_MS);
  });

  test("a clock time that a day skips means the jump, one that it has twice means the first", () => {
    const add = (start: string) => addServiceTime(new Date(start), "P1D", always, createHolidays({}));
    expect(add("2027-03-27T01:30Z")).toEqual(new Date("2027-03-28T01:00Z"));
    expect(add("2026-10-24T00:30Z")).toEqual(new Date("2026-10-25T00:30Z"));
  });

  test("hold in a zone whose clocks change at midnight and one with a quarter-hour offset", () => {
    const hours = (timezone: string) =>
      parseHours(
        ServiceHours.parse({ division: "scotland", timezone, weekly: { "mon-sun": "00:00-24:00" } }),
      );
    const free = createHolidays({});
    const cairoYear = serviceMsBetween(
      new Date("2026-01-01T00:00Z"),
      new Date("2027-01-01T00:00Z"),
      hours("Africa/Cairo"),
      free,
    );
    expect(cairoYear).toBe(365 * 24 * HOUR_MS);
    expect(nextOpening(new Date("2026-06-01T05:00Z"), hours("Asia/Kathmandu"), free)).toEqual(
      new Date("2026-06-01T05:00Z"),
    );
    const noon = parseHours(
      ServiceHours.parse({
        division: "scotland",
        timezone: "Asia/Kathmandu",
        weekly: { mon: "12:00-13:00" },
      }),
    );
    expect(nextOpening(new Date("2026-06-01T05:00Z"), noon, free)).toEqual(new Date("2026-06-01T06:15Z"));
  });
});

describe("open time", () => {
  test("includes the opening instant and not the closing instant", () => {
    expect(isOpen(new Date("2026-11-06T09:00:00.000Z"), office, ukHolidays)).toBe(true);
    expect(isOpen(new Date("2026-11-06T16:59:59.999Z"), office, ukHolidays)).toBe(true);
    expect(isOpen(new Date("2026-11-06T17:00:00.000Z"), office, ukHolidays)).toBe(false);
    expect(isOpen(new Date("2026-12-25T12:00Z"), office, ukHolidays)).toBe(false);
  });

  test("between two moments counts open milliseconds, and nothing backwards", () => {
    const between = (from: string, to: string) =>
      serviceMsBetween(new Date(from), new Date(to), pause, ukHolidays);
    expect(between("2026-11-06T11:59:59.500Z", "2026-11-06T13:00:00.250Z")).toBe(750);
    expect(between("2026-11-06T16:00Z", "2026-11-09T10:00Z")).toBe(2 * HOUR_MS);
    expect(between("2026-11-09T10:00Z", "2026-11-06T16:00Z")).toBe(0);
  });
});
