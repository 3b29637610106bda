import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import type { ClinicDocument } from "./document.ts";

const zone = "Europe/London";
/** Sessions that one question gives at most: two years of every day. */
const most = 750;
/** A recurrence ends after 30 years, whatever it says: working out the sessions of a far year takes seconds. */
const longestMs = 30 * 366 * 86_400_000;

type Times = Pick<ClinicDocument, "startsAt" | "recurrence" | "except">;

const begins = ({ startsAt }: Times): Temporal.ZonedDateTime =>
  Temporal.PlainDateTime.from(startsAt).toZonedDateTime(zone);

const ruleOf = (times: Times, recurrence: string) =>
  new RRuleTemporal({ rruleString: `RRULE:${recurrence}`, dtstart: begins(times), temporal: Temporal });

const toDate = (at: { epochMilliseconds: number }): Date => new Date(at.epochMilliseconds);

/** The day on London's calendar. */
const dayOf = (at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

/**
 * When sessions begin, from one moment to another, both included, the earliest first and at most 750. The time of day is
 * London's and stays the same when the clocks change.
 */
export function occurrences(times: Times, from: Date, to: Date): Date[] {
  if (from > to) return [];
  const first = toDate(begins(times));
  if (from.getTime() > first.getTime() + longestMs) return [];
  const all =
    times.recurrence === null
      ? [first].filter((at) => at >= from && at <= to)
      : ruleOf(times, times.recurrence).between(from, to, true).slice(0, most).map(toDate);
  return all.filter((at) => !times.except.includes(dayOf(at)));
}

/** The first session that begins at or after a moment; null when there is none within ten years. */
export function nextOccurrence(times: Times, from: Date): Date | null {
  const years = [1, 10];
  for (const year of years) {
    const [found] = occurrences(times, from, new Date(from.getTime() + year * 366 * 86_400_000));
    if (found) return found;
  }
  return null;
}

/** What is wrong with a clinic's times; null when nothing is. The first session is the first of its recurrence. */
export function faultOf(times: Times): string | null {
  let first: Temporal.ZonedDateTime;
  try {
    first = begins(times);
  } catch {
    return "There is no such day or time.";
  }
  if (first.toPlainDateTime().toString({ smallestUnit: "minute" }) !== times.startsAt)
    return "The clocks go forward then: there is no such time on that day.";
  if (times.recurrence === null) return null;
  const start = toDate(first);
  const [found] = occurrences(
    { ...times, except: [] },
    start,
    new Date(start.getTime() + 5 * 366 * 86_400_000),
  );
  if (found?.getTime() === start.getTime()) return null;
  return "The first session is not on a day of the recurrence.";
}
