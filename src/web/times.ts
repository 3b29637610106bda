import type { Language } from "../contract/vocabulary.ts";
import { fill, recordIn } from "./words/index.ts";

const hour = 3_600;
const day = 24 * hour;
const timeZone = "Europe/London";

const dates: Record<Language, Intl.DateTimeFormat> = {
  en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone }),
  cy: new Intl.DateTimeFormat("cy", { day: "numeric", month: "long", year: "numeric", timeZone }),
};
const times = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone,
});
const joined: Record<Language, string> = { en: "at", cy: "am" };

/** A day as people write it, in London's time: “15 June 2026”, “15 Mehefin 2026”. */
export const dateIn = (language: Language, at: string | Date): string => dates[language].format(new Date(at));

/** A moment as people write it, in London's time: “15 June 2026 at 10:32”. Takes an ISO time or a date. */
export const momentIn = (language: Language, at: string | Date): string =>
  `${dateIn(language, at)} ${joined[language]} ${times.format(new Date(at))}`;

/** The time on London's clocks: “10:32”. */
export const clockIn = (at: string | Date): string => times.format(new Date(at));

/** Seconds as people say them, in the largest unit that keeps two of it: “90 minutes”, “3 hours”, “2 days”. */
export function durationIn(language: Language, seconds: number | null): string | null {
  if (seconds === null) return null;
  const { time } = recordIn(language);
  const [unit, n] =
    seconds < 2 * hour
      ? ([time.minutes, seconds / 60] as const)
      : seconds < 2 * day
        ? ([time.hours, seconds / hour] as const)
        : ([time.days, seconds / day] as const);
  const whole = Math.max(1, Math.round(n));
  return whole === 1 ? unit.one : fill(unit.many, { n: whole });
}
