import type { Language } from "../contract/vocabulary.ts";

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
