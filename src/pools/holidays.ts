import { Temporal } from "temporal-polyfill";
import { type HolidayDivision, holidayDivisions } from "../contract/vocabulary.ts";
import { bankHolidayDays } from "./bank-holidays.ts";

const DAY_MS = 86_400_000;

/** Bank holidays by division, each a set of days counted from 1970-01-01. */
export type Holidays = Readonly<Record<HolidayDivision, ReadonlySet<number>>>;

/** How far the holidays reach that this release knows. `until` is the last day, as YYYY-MM-DD. */
export interface HolidayCoverage {
  until: string;
  daysLeft: number;
  warn: boolean;
}

/** Days since 1970-01-01 of a date written YYYY-MM-DD. Throws a `RangeError` for a day that does not exist. */
function epochDayOf(isoDate: string): number {
  const date = Temporal.PlainDate.from(isoDate, { overflow: "reject" });
  return Date.UTC(date.year, date.month - 1, date.day) / DAY_MS;
}

/** Holidays from lists of dates written YYYY-MM-DD; a division left out has none. */
export function createHolidays(dates: Partial<Record<HolidayDivision, readonly string[]>>): Holidays {
  const setOf = (division: HolidayDivision) => new Set((dates[division] ?? []).map(epochDayOf));
  return {
    "england-and-wales": setOf("england-and-wales"),
    scotland: setOf("scotland"),
    "northern-ireland": setOf("northern-ireland"),
  };
}

function datesOf(division: HolidayDivision): string[] {
  return Object.entries(bankHolidayDays[division]).flatMap(([year, days]) =>
    days.split(" ").map((day) => `${year}-${day}`),
  );
}

/** The bank holidays of the United Kingdom, of the years in `bank-holidays.ts`. In other years none are known. */
export const ukHolidays: Holidays = createHolidays({
  "england-and-wales": datesOf("england-and-wales"),
  scotland: datesOf("scotland"),
  "northern-ireland": datesOf("northern-ireland"),
});

// The feed holds whole years, so the holidays are known to the end of the last year that all divisions have.
const lastYear = Math.min(
  ...holidayDivisions.map((division) => Math.max(...Object.keys(bankHolidayDays[division]).map(Number))),
);

/**
 * How long the known bank holidays still last: `daysLeft` whole days after the day of `now` (UTC), negative afterwards;
 * `warn` from 90 days before the end, early enough for a release with the next years.
 */
export function holidayCoverage(now: Date): HolidayCoverage {
  const until = `${lastYear}-12-31`;
  const daysLeft = epochDayOf(until) - Math.floor(now.getTime() / DAY_MS);
  return { until, daysLeft, warn: daysLeft <= 90 };
}
