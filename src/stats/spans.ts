import { beginningOf, dayOf, nextDay, type Period } from "./period.ts";
import type { Grain } from "./rollup.ts";

/** How a period is put together from the rollups: whole months, whole days, and what is less than a day at its ends. */
export interface Spans {
  cells: { grain: Grain; from: string; before: string | null }[];
  /** Read referral by referral. */
  rest: { from: Date; before: Date | null }[];
}

const monthBegins = (day: string) => `${day.slice(0, 7)}-01`;

/** The first of a month that is not before a day. */
function nextMonth(day: string): string {
  if (day.endsWith("-01")) return day;
  const [year = 0, month = 0] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** Takes a period apart. Days and months are those of London, as the rollups have them. */
export function spansOf({ from, before }: Pick<Period, "from" | "before">): Spans {
  const isMidnight = (at: Date) => beginningOf(dayOf(at)).getTime() === at.getTime();
  const first = isMidnight(from) ? dayOf(from) : nextDay(dayOf(from));
  const last = before === null ? null : dayOf(before);
  if (before !== null && last !== null && first > last) return { cells: [], rest: [{ from, before }] };

  const rest: Spans["rest"] = [];
  if (!isMidnight(from)) rest.push({ from, before: beginningOf(first) });
  if (before !== null && last !== null && !isMidnight(before)) rest.push({ from: beginningOf(last), before });

  const months = { from: nextMonth(first), before: last === null ? null : monthBegins(last) };
  if (months.before !== null && months.from >= months.before)
    return { cells: [{ grain: "day" as const, from: first, before: last }], rest };
  const days: Spans["cells"] = [{ grain: "day", from: first, before: months.from }];
  if (months.before !== null) days.push({ grain: "day", from: months.before, before: last });
  return { cells: [{ grain: "month", ...months }, ...days], rest };
}
