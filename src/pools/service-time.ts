import { type Calendar, calendarOf } from "./calendar.ts";
import { durationParts } from "./durations.ts";
import type { Holidays } from "./holidays.ts";
import type { CompiledHours } from "./hours.ts";

const MINUTE_MS = 60_000;
// Any pool opens at least weekly; only a list of holidays without a gap could close it for longer than this.
const MAX_CLOSED_DAYS = 3_660;

function msOf(date: Date): number {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new RangeError("Not a moment in time.");
  return ms;
}

/** `atMs` if the pool is open then, otherwise the next opening. */
function openingFrom(calendar: Calendar, atMs: number): number {
  const first = calendar.dayOf(atMs);
  for (let day = first; day <= first + MAX_CLOSED_DAYS; day++) {
    const open = calendar.openOn(day);
    for (let i = 0; i < open.length; i += 2) {
      if (atMs < (open[i + 1] ?? 0)) return Math.max(atMs, open[i] ?? 0);
    }
  }
  throw new RangeError("These service hours never open.");
}

/** `atMs` held within the open stretches of a day: a pause waits for the next opening, the evening for nothing. */
function holdWithin(open: readonly number[], atMs: number): number {
  for (let i = 0; i < open.length; i += 2) {
    if (atMs <= (open[i + 1] ?? 0)) return Math.max(atMs, open[i] ?? 0);
  }
  return open.at(-1) ?? atMs;
}

function addServiceDays(calendar: Calendar, openMs: number, days: number): number {
  const clockMs = calendar.clockOf(openMs);
  let day = calendar.dayOf(openMs);
  for (let left = days, closed = 0; left > 0; ) {
    day += 1;
    closed = calendar.openOn(day).length > 0 ? 0 : closed + 1;
    if (closed === 0) left -= 1;
    if (closed > MAX_CLOSED_DAYS) throw new RangeError("These service hours never open.");
  }
  return holdWithin(calendar.openOn(day), calendar.instantOf(day, clockMs));
}

function addOpenMs(calendar: Calendar, fromMs: number, lengthMs: number): number {
  let leftMs = lengthMs;
  for (let atMs = openingFrom(calendar, fromMs); ; atMs = openingFrom(calendar, atMs)) {
    const open = calendar.openOn(calendar.dayOf(atMs));
    for (let i = 0; i < open.length; i += 2) {
      const closesMs = open[i + 1] ?? 0;
      if (closesMs <= atMs) continue;
      const startMs = Math.max(atMs, open[i] ?? 0);
      if (leftMs <= closesMs - startMs) return startMs + leftMs;
      leftMs -= closesMs - startMs;
      atMs = closesMs;
    }
  }
}

/**
 * The moment at which a target in service time is due.
 *
 * The pool is open at an instant when its wall clock, read in its own zone, stands inside the day's hours (the closing
 * minute is outside) and the day is no bank holiday of its division. So a span over a clock change is an hour longer or
 * shorter in real time, and 24:00 is the midnight that ends the day.
 *
 * - A start outside service hours counts from the next opening: an evening, a pause, a holiday. Otherwise a referral of
 *   Saturday could be due on Monday before anybody has had a minute for it.
 * - `PT2H`: the first instant by which the pool has been open for two real hours; it may be a closing time.
 * - `P1D`: the same clock time on the next day that has any service, `PnD` on the nth such day, held within that day's
 *   hours once: before its first opening → that opening, in a pause → the opening after it, after its last closing →
 *   that closing. A clock time that the day has twice means the first, one that it skips means the jump.
 * - `P1DT2H`: the days first, then the open minutes from where they ended.
 *
 * Throws a `RangeError` for a duration that `ServiceDuration` refuses or an invalid date.
 */
export function addServiceTime(
  start: Date,
  duration: string,
  hours: CompiledHours,
  holidays: Holidays,
): Date {
  const calendar = calendarOf(hours, holidays);
  const { days, minutes } = durationParts(duration);
  let atMs = openingFrom(calendar, msOf(start));
  if (days > 0) atMs = addServiceDays(calendar, atMs, days);
  if (minutes > 0) atMs = addOpenMs(calendar, atMs, minutes * MINUTE_MS);
  return new Date(atMs);
}

/** Milliseconds of service between two moments; 0 where `to` is not after `from`. */
export function serviceMsBetween(from: Date, to: Date, hours: CompiledHours, holidays: Holidays): number {
  const calendar = calendarOf(hours, holidays);
  const fromMs = msOf(from);
  const toMs = msOf(to);
  if (toMs <= fromMs) return 0;
  let sumMs = 0;
  for (let day = calendar.dayOf(fromMs); day <= calendar.dayOf(toMs); day++) {
    const open = calendar.openOn(day);
    for (let i = 0; i < open.length; i += 2) {
      sumMs += Math.max(0, Math.min(toMs, open[i + 1] ?? 0) - Math.max(fromMs, open[i] ?? 0));
    }
  }
  return sumMs;
}

/** Whether the pool gives service at that moment. The opening instant is open, the closing instant is not. */
export function isOpen(at: Date, hours: CompiledHours, holidays: Holidays): boolean {
  const atMs = msOf(at);
  const calendar = calendarOf(hours, holidays);
  const open = calendar.openOn(calendar.dayOf(atMs));
  for (let i = 0; i < open.length; i += 2) {
    if (atMs >= (open[i] ?? 0) && atMs < (open[i + 1] ?? 0)) return true;
  }
  return false;
}
