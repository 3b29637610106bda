import { DomainError } from "../contract/errors.ts";

/** Referrals submitted from `from` on and before `before`; `to` is what the answer shows. */
export interface Period {
  from: Date;
  to: Date;
  /** Null: whatever is there, so that an answer up to now holds what was committed before the request. */
  before: Date | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const defaultDays = 30;
/** Years that the database, JavaScript and every sum between them can say. */
const firstYear = 1900;
const lastYear = 2999;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

const londonClock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** What the clocks of London show at an instant, as `YYYY-MM-DDTHH:MM:SS`. */
function londonTime(at: Date): string {
  const parts = Object.fromEntries(londonClock.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

/** The month in which an instant lies in London, as `2026-12`. */
export const monthOf = (at: Date): string => dayOf(at).slice(0, 7);

const days = new Map<number, string>();
const daysKept = 10_000;

/**
 * The day in which an instant lies in London, as `2026-12-01`. London is whole hours from UTC, so that an hour is looked up
 * once: asking the calendar takes longer than all else that is done with a referral.
 */
export function dayOf(at: Date): string {
  const hour = Math.floor(at.getTime() / hourMs);
  const known = days.get(hour);
  if (known !== undefined) return known;
  if (days.size >= daysKept) days.clear();
  const day = londonTime(at).slice(0, 10);
  days.set(hour, day);
  return day;
}

/** The day after a day. */
export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** The instant at which a day begins in London, whose clocks are at most an hour ahead of UTC. */
export function beginningOf(day: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`);
  const ahead = new Date(`${londonTime(midnight)}Z`).getTime() - midnight.getTime();
  const moved = new Date(midnight.getTime() - ahead);
  return londonTime(moved) === `${day}T00:00:00` ? moved : midnight;
}

function read(text: string, pointer: string): { at: Date; isDay: boolean } {
  const isDay = dayPattern.test(text);
  const at = isDay || timePattern.test(text) ? new Date(isDay ? `${text}T00:00:00Z` : text) : null;
  const year = at?.getUTCFullYear() ?? Number.NaN;
  const exists = at !== null && year >= firstYear && year <= lastYear;
  // JavaScript reads 31 February as 3 March.
  if (!exists || (isDay && at.toISOString().slice(0, 10) !== text)) {
    throw new DomainError("stats/period-invalid", {
      detail: "A period begins and ends with a day or a time.",
      errors: [{ pointer, detail: "This is no date.", hint: "Send 2026-12-01, or 2026-12-01T09:00:00Z." }],
    });
  }
  return { at: isDay ? beginningOf(text) : at, isDay };
}

/**
 * The period a question is about: the last 30 days up to now where it does not say. A day is a day of London; as `to` it
 * is the last day of the period. Refuses what is no date, and an end that is not after the beginning.
 */
export function readPeriod(query: { from?: string | undefined; to?: string | undefined }, now: Date): Period {
  const end = query.to === undefined ? null : read(query.to, "/query/to");
  const before =
    end === null || query.to === undefined ? null : end.isDay ? beginningOf(nextDay(query.to)) : end.at;
  const to = before ?? now;
  const from =
    query.from === undefined
      ? new Date(to.getTime() - defaultDays * dayMs)
      : read(query.from, "/query/from").at;
  if (from >= to) throw new DomainError("stats/period-invalid");
  return { from, to, before };
}

/** The first and the last day of London that a period touches; its end is no part of it. */
export const daysTouched = ({ from, to }: { from: string; to: string }): { first: string; last: string } => ({
  first: dayOf(new Date(from)),
  last: dayOf(new Date(Date.parse(to) - 1)),
});
