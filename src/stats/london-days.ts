const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

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

/** The first and the last day of London that a period touches; its end is no part of it. */
export const daysTouched = ({ from, to }: { from: string; to: string }): { first: string; last: string } => ({
  first: dayOf(new Date(from)),
  last: dayOf(new Date(Date.parse(to) - 1)),
});
