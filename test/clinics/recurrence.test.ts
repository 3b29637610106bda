import { expect, test } from "vitest";
import { ClinicDocument } from "../../src/clinics/document.ts";
import { faultOf, nextOccurrence, occurrences } from "../../src/clinics/recurrence.ts";

const weekly = { startsAt: "2026-10-14T19:00", recurrence: "FREQ=WEEKLY;BYDAY=WE;COUNT=4", except: [] };
const within = (times: typeof weekly, from: string, to: string) =>
  occurrences(times, new Date(from), new Date(to)).map((at) => at.toISOString());

test("a session stays at its hour when the clocks change, and a day that is left out is left out", () => {
  expect(within(weekly, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).toEqual([
    "2026-10-14T18:00:00.000Z",
    "2026-10-21T18:00:00.000Z",
    "2026-10-28T19:00:00.000Z",
    "2026-11-04T19:00:00.000Z",
  ]);
  const left = { ...weekly, except: ["2026-10-28"] as never[] };
  expect(within(left, "2026-10-22T00:00:00Z", "2026-11-01T00:00:00Z")).toEqual([]);
  expect(nextOccurrence(left, new Date("2026-10-22T00:00:00Z"))?.toISOString()).toBe(
    "2026-11-04T19:00:00.000Z",
  );
  expect(nextOccurrence(weekly, new Date("2026-11-05T00:00:00Z"))).toBeNull();
});

test("a daily clinic without end asks for no more than it is asked, and both ends of a span belong to it", () => {
  const daily = { ...weekly, recurrence: "FREQ=DAILY" };
  expect(within(daily, "2030-03-30T19:00:00Z", "2030-03-31T18:00:00Z")).toEqual([
    "2030-03-30T19:00:00.000Z",
    "2030-03-31T18:00:00.000Z",
  ]);
  expect(within(daily, "2057-01-01T00:00:00Z", "9999-01-01T00:00:00Z")).toEqual([]);
});

test("times that do not exist, and a first session that is none of its recurrence, are refused", () => {
  expect(faultOf(weekly)).toBeNull();
  expect(faultOf({ ...weekly, recurrence: "FREQ=WEEKLY;BYDAY=TH" })).toContain(
    "not on a day of the recurrence",
  );
  expect(faultOf({ ...weekly, startsAt: "2026-02-30T19:00", recurrence: "FREQ=DAILY" })).toContain("no such");
  expect(faultOf({ ...weekly, startsAt: "2026-03-29T01:30", recurrence: "FREQ=DAILY" })).toContain(
    "clocks go forward",
  );
});

test("a recurrence is only what a clinic can have: no line of its own, no hour, no second end", () => {
  const shape = ClinicDocument.shape.recurrence;
  for (const good of [
    "FREQ=WEEKLY",
    "FREQ=MONTHLY;BYDAY=1WE",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T235959Z",
  ])
    expect(shape.safeParse(good).success).toBe(true);
  for (const bad of [
    "FREQ=SECONDLY",
    "FREQ=DAILY;BYHOUR=1,2,3",
    "FREQ=DAILY;COUNT=2;UNTIL=20261231T235959Z",
    "FREQ=DAILY\r\nATTACH:http://evil.test",
    "FREQ=DAILY;FREQ=WEEKLY",
    "UNTIL=20261231T235959Z",
    "FREQ=DAILY;COUNT=0",
    "",
  ])
    expect([bad, shape.safeParse(bad).success]).toEqual([bad, false]);
});
