import { z } from "zod";
import { HolidayDivision } from "../contract/vocabulary.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Opening and closing in minutes of the wall clock after midnight; the closing minute is no longer open. */
export type OpenSpan = readonly [opens: number, closes: number];

/** Service hours ready to count with. Make them once with `parseHours` and keep them: the days counted are cached by them. */
export interface CompiledHours {
  timezone: string;
  division: HolidayDivision;
  /** Seven lists, Monday first; each sorted, without overlaps, touching spans joined. */
  week: readonly (readonly OpenSpan[])[];
}

interface Mistake {
  path: (string | number)[];
  message: string;
  hint: string;
}

interface PlacedSpan {
  span: OpenSpan;
  path: (string | number)[];
}

const SPAN = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const DAY_HINT = "Use mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri.";
const SPAN_HINT = 'Write "09:00-17:00", or a list of such spans; 24:00 may stand at the end.';

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const dayNames: readonly string[] = weekdays;

/** The days a key names, as positions in `weekdays`, or what is wrong with it. */
function daysOf(key: string): number[] | string {
  const [first = "", last = first, ...rest] = key.split("-");
  const from = dayNames.indexOf(first);
  const to = dayNames.indexOf(last);
  if (from < 0 || to < 0 || rest.length > 0) return `"${key}" is not a day or a range of days.`;
  if (to < from) return `"${key}" runs over the end of the week. Name its days in two keys.`;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function spanOf(text: string): OpenSpan | { message: string; hint: string } {
  const found = SPAN.exec(text);
  if (!found) return { message: `"${text}" is not a span of hours.`, hint: SPAN_HINT };
  const opens = Number(found[1]) * 60 + Number(found[2]);
  const closes = found[3] === undefined ? 1_440 : Number(found[3]) * 60 + Number(found[4]);
  if (closes > opens) return [opens, closes];
  return {
    message: `"${text}" does not end after it begins.`,
    hint: 'Divide a night at midnight: "22:00-24:00", and "00:00-06:00" on the day after.',
  };
}

function placeSpans(key: string, value: string | string[], mistakes: Mistake[]): PlacedSpan[] {
  const texts = typeof value === "string" ? [value] : value;
  const placed: PlacedSpan[] = [];
  for (const [index, text] of texts.entries()) {
    const path = typeof value === "string" ? [key] : [key, index];
    const span = spanOf(text);
    if ("message" in span) mistakes.push({ path, ...span });
    else placed.push({ path, span });
  }
  return placed;
}

function joinDay(day: string, placed: PlacedSpan[], mistakes: Mistake[]): OpenSpan[] {
  const joined: OpenSpan[] = [];
  for (const { span, path } of placed.toSorted((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1])) {
    const before = joined.at(-1);
    if (before && span[0] < before[1]) {
      const hint = "Let the second span begin when the first has ended, or write one span.";
      mistakes.push({ path, message: `Two spans overlap on ${day}.`, hint });
    } else if (before && span[0] === before[1]) joined[joined.length - 1] = [before[0], span[1]];
    else joined.push(span);
  }
  return joined;
}

function readWeek(weekly: Record<string, string | string[]>): { week: OpenSpan[][]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const placedByDay: PlacedSpan[][] = weekdays.map(() => []);
  for (const [key, value] of Object.entries(weekly)) {
    const days = daysOf(key);
    if (typeof days === "string") {
      mistakes.push({ path: [key], message: days, hint: DAY_HINT });
      continue;
    }
    const placed = placeSpans(key, value, mistakes);
    for (const day of days) placedByDay[day]?.push(...placed);
  }
  const week = placedByDay.map((placed, day) => joinDay(weekdays[day] ?? "", placed, mistakes));
  if (mistakes.length === 0 && week.every((spans) => spans.length === 0)) {
    const message = "A week needs at least one hour of service.";
    mistakes.push({ path: [], message, hint: 'For example { mon-fri: "09:00-17:00" }.' });
  }
  return { week, mistakes };
}

const WeeklyHours = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
  .superRefine((weekly, ctx) => {
    for (const { path, message, hint } of readWeek(weekly).mistakes) {
      ctx.addIssue({ code: "custom", path, message, params: { hint } });
    }
  });

/**
 * A pool's service hours as the register writes them: an IANA time zone, a bank-holiday division, and the week as
 * `{ "mon-fri": "09:00-17:00", sat: ["09:00-12:00", "13:00-16:00"] }`. Days named by several keys add up.
 * Refuses, with a path and `params.hint`: unknown days, ranges over the end of the week, overlaps, a span that does not
 * end after it begins, a week with no hours, unknown time zones. The text is kept as written.
 */
export const ServiceHours = z.strictObject({
  timezone: z
    .string()
    .refine(isTimezone, {
      error: "This is not a time zone of the IANA database.",
      params: { hint: "For example Europe/London." },
    })
    .default("Europe/London"),
  division: HolidayDivision,
  weekly: WeeklyHours,
});
export type ServiceHours = z.infer<typeof ServiceHours>;

const compiledByText = new Map<string, CompiledHours>();

/**
 * Service hours ready to count with; equal hours give the same object, so that pools share their cached days.
 * Throws a `RangeError` for hours that `ServiceHours` refuses.
 */
export function parseHours(hours: ServiceHours): CompiledHours {
  const text = JSON.stringify([hours.timezone, hours.division, hours.weekly]);
  const known = compiledByText.get(text);
  if (known) return known;
  const { week, mistakes } = readWeek(hours.weekly);
  if (mistakes.length > 0) throw new RangeError(mistakes[0]?.message);
  // As many different sets of hours as a large register has; beyond it the oldest are simply made again.
  if (compiledByText.size >= 500) compiledByText.clear();
  const compiled: CompiledHours = { timezone: hours.timezone, division: hours.division, week };
  compiledByText.set(text, compiled);
  return compiled;
}
