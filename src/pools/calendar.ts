import type { Holidays } from "./holidays.ts";
import type { CompiledHours } from "./hours.ts";
import { type Zone, zoneOf } from "./zone.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * One pool's days of service. A day is a number counted from 1970-01-01 in the pool's zone; an instant is milliseconds
 * since 1970 UTC.
 */
export interface Calendar {
  dayOf(ms: number): number;
  /** Milliseconds that the wall clock shows after midnight. */
  clockOf(ms: number): number;
  /** Open stretches of a day in order, flat: opening, closing, opening, closing; empty without service. */
  openOn(day: number): readonly number[];
  /** When the wall clock first shows that time on that day; where the clocks skip it, the moment they jump. */
  instantOf(day: number, clockMs: number): number;
}

// About fourteen years of days, roughly 1 MB at most for each set of hours.
const MAX_CACHED_DAYS = 5_000;

function readDay(day: number, hours: CompiledHours, zone: Zone): number[] {
  const spans = hours.week[(((day + 3) % 7) + 7) % 7] ?? [];
  const stretches: [number, number][] = [];
  for (const segment of zone.segments((day - 1) * DAY_MS, (day + 2) * DAY_MS)) {
    for (const [opens, closes] of spans) {
      const fromMs = Math.max(segment.fromMs, day * DAY_MS + opens * MINUTE_MS - segment.offsetMs);
      const toMs = Math.min(segment.toMs, day * DAY_MS + closes * MINUTE_MS - segment.offsetMs);
      if (fromMs < toMs) stretches.push([fromMs, toMs]);
    }
  }
  const flat: number[] = [];
  for (const [fromMs, toMs] of stretches.toSorted((a, b) => a[0] - b[0])) {
    // A stretch that goes on across a clock change is one stretch.
    if (flat.at(-1) === fromMs) flat[flat.length - 1] = toMs;
    else flat.push(fromMs, toMs);
  }
  return flat;
}

function createCalendar(hours: CompiledHours, holidays: Holidays): Calendar {
  const zone = zoneOf(hours.timezone);
  const off = holidays[hours.division];
  const days = new Map<number, readonly number[]>();
  const dayOf = (ms: number): number => Math.floor((ms + zone.offsetAt(ms)) / DAY_MS);
  return {
    dayOf,
    clockOf: (ms) => ms + zone.offsetAt(ms) - dayOf(ms) * DAY_MS,
    openOn(day) {
      const known = days.get(day);
      if (known) return known;
      const made = off.has(day) ? [] : readDay(day, hours, zone);
      if (days.size >= MAX_CACHED_DAYS) days.clear();
      days.set(day, made);
      return made;
    },
    instantOf(day, clockMs) {
      const wallMs = day * DAY_MS + clockMs;
      for (const { fromMs, toMs, offsetMs } of zone.segments(wallMs - 2 * DAY_MS, wallMs + 2 * DAY_MS)) {
        if (wallMs - offsetMs < toMs) return Math.max(fromMs, wallMs - offsetMs);
      }
      return wallMs;
    },
  };
}

const calendars = new WeakMap<CompiledHours, WeakMap<Holidays, Calendar>>();

/** The calendar of these hours and holidays; made once for each pair of objects. */
export function calendarOf(hours: CompiledHours, holidays: Holidays): Calendar {
  const byHolidays = calendars.get(hours) ?? new WeakMap<Holidays, Calendar>();
  calendars.set(hours, byHolidays);
  const known = byHolidays.get(holidays);
  if (known) return known;
  const made = createCalendar(hours, holidays);
  byHolidays.set(holidays, made);
  return made;
}
