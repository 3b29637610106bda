import { dayOf } from "./period.ts";

/** Days after a quarter ends in which late outcomes still count, before its figures are made for good. */
export const settlingDays = 14;
const dayMs = 86_400_000;

/** The quarter of the year in which an instant lies in London, as `2026-Q4`. */
export function quarterOf(at: Date): string {
  const day = dayOf(at);
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** The first and last day of a quarter. */
export function daysOf(quarter: string): { from: string; to: string } {
  const year = Number(quarter.slice(0, 4));
  const first = (Number(quarter.slice(6)) - 1) * 3;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(Date.UTC(year, first, 1)), to: day(Date.UTC(year, first + 3, 0)) };
}

/** The quarter after one. */
export function nextQuarter(quarter: string): string {
  const [year, number] = [Number(quarter.slice(0, 4)), Number(quarter.slice(6))];
  return number === 4 ? `${year + 1}-Q1` : `${year}-Q${number + 1}`;
}

/** The quarters that a period of days is made of, the first first; none where it is no row of whole quarters. */
export function quartersOf({ from, to }: { from: string; to: string }): string[] {
  const found: string[] = [];
  for (
    let quarter = quarterOf(new Date(`${from}T12:00:00Z`));
    daysOf(quarter).to <= to;
    quarter = nextQuarter(quarter)
  )
    found.push(quarter);
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return [];
  return daysOf(first).from === from && daysOf(last).to === to ? found : [];
}

/** The day from which a quarter's figures are public. */
export function publishedOn(quarter: string): string {
  const { to } = daysOf(quarter);
  return new Date(Date.parse(`${to}T00:00:00Z`) + (settlingDays + 1) * dayMs).toISOString().slice(0, 10);
}

/** Quarters from one to the last whose figures are due by a day; none where there is none. */
export function quartersDue(first: string, today: string): string[] {
  const due: string[] = [];
  for (let quarter = first; publishedOn(quarter) <= today; quarter = nextQuarter(quarter)) due.push(quarter);
  return due;
}
