import { DomainError } from "../contract/errors.ts";
import { beginningOf, nextDay } from "./london-days.ts";

export { beginningOf, dayOf, monthOf, nextDay } from "./london-days.ts";

/** Referrals submitted from `from` on and before `before`; `to` is what the answer shows. */
export interface Period {
  from: Date;
  to: Date;
  /** Null: whatever is there, so that an answer up to now holds what was committed before the request. */
  before: Date | null;
}

const dayMs = 86_400_000;
const defaultDays = 30;
/** Years that the database, JavaScript and every sum between them can say. */
const firstYear = 1900;
const lastYear = 2999;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

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
