import type { CompiledHours, Holidays } from "../../src/pools/index.ts";

/**
 * Service time the slow way, for the United Kingdom only: it steps minute by minute and asks of each whether the wall
 * clock stands inside the hours. It knows summer time by its rule (last Sundays of March and October, 01:00 UTC) and
 * shares no code with the product.
 */
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getTime() - last.getUTCDay() * DAY_MS + HOUR_MS;
}

/** The year asked for last, with its summer time: the questions come minute after minute. */
let year = { from: 0, to: 0, springs: 0, falls: 0 };

function wallMs(ms: number): number {
  if (ms < year.from || ms >= year.to) {
    const number = new Date(ms).getUTCFullYear();
    const [from, to] = [Date.UTC(number, 0), Date.UTC(number + 1, 0)];
    year = { from, to, springs: lastSunday(number, 2), falls: lastSunday(number, 9) };
  }
  return ms >= year.springs && ms < year.falls ? ms + HOUR_MS : ms;
}

export function createSlowServiceTime(hours: CompiledHours, holidays: Holidays) {
  const off = holidays[hours.division];
  const openMinutes = new Map<number, Uint8Array>();
  let today: { day: number; minutes: Uint8Array } = { day: Number.NaN, minutes: new Uint8Array() };
  const readDay = (day: number): Uint8Array => {
    const weekday = new Date(day * DAY_MS).getUTCDay();
    const spans = hours.week[weekday === 0 ? 6 : weekday - 1] ?? [];
    const minutes = new Uint8Array(1_440);
    for (const [opens, closes] of off.has(day) ? [] : spans) minutes.fill(1, opens, closes);
    openMinutes.set(day, minutes);
    return minutes;
  };
  const isOpen = (ms: number): boolean => {
    const wall = wallMs(ms);
    const day = Math.floor(wall / DAY_MS);
    if (today.day !== day) today = { day, minutes: openMinutes.get(day) ?? readDay(day) };
    return today.minutes[Math.floor((wall - day * DAY_MS) / MINUTE_MS)] === 1;
  };
  const dayOf = (ms: number): number => Math.floor(wallMs(ms) / DAY_MS);
  const nextMinute = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS + MINUTE_MS;

  const nextOpening = (from: number): number => {
    let ms = from;
    while (!isOpen(ms)) ms = nextMinute(ms);
    return ms;
  };

  const addOpen = (from: number, length: number): number => {
    let ms = from;
    for (let left = length; left > 0; ) {
      const end = nextMinute(ms);
      if (isOpen(ms)) {
        if (left <= end - ms) return ms + left;
        left -= end - ms;
      }
      ms = end;
    }
    return ms;
  };

  const addDays = (from: number, days: number): number => {
    const clock = wallMs(from) - dayOf(from) * DAY_MS;
    let ms = from;
    for (let left = days; left > 0; left--) {
      const day = dayOf(ms);
      while (dayOf(ms) === day) ms = nextMinute(ms);
      ms = nextOpening(ms);
    }
    // `ms` is now the first opening of the day that counts: look for the clock time from here to midnight.
    const day = dayOf(ms);
    let lastClose = ms;
    for (let at = ms; dayOf(at) === day; at = nextMinute(at)) {
      const reached = wallMs(at) - day * DAY_MS;
      if (isOpen(at)) {
        if (reached >= clock) return at;
        if (reached + MINUTE_MS > clock) return at + (clock - reached);
        lastClose = nextMinute(at);
      } else if (lastClose === at && reached === clock) return at;
    }
    return lastClose;
  };

  return {
    isOpen,
    nextOpening,
    add(from: number, days: number, minutes: number): number {
      const start = nextOpening(from);
      const held = days > 0 ? addDays(start, days) : start;
      return minutes > 0 ? addOpen(held, minutes * MINUTE_MS) : held;
    },
    between(from: number, to: number): number {
      let sum = 0;
      for (let ms = from; ms < to; ) {
        const end = Math.min(to, nextMinute(ms));
        if (isOpen(ms)) sum += end - ms;
        ms = end;
      }
      return sum;
    },
  };
}
