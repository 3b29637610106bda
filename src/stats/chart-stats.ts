import type { Language } from "../contract/vocabulary.ts";
import type { Chart } from "./chart.ts";
import { daysTouched } from "./london-days.ts";
import type { Dimension, Stats } from "./model.ts";

/** More bars than this make no picture; the table has all of them. */
const mostBars = 30;

const words = {
  en: {
    title: (from: string, to: string) => `Referrals received from ${from} to ${to}`,
    more: (left: number) => `${left} more are not shown`,
    all: "All referrals",
    none: "none",
  },
  cy: {
    title: (from: string, to: string) => `Atgyfeiriadau a dderbyniwyd rhwng ${from} a ${to}`,
    more: (left: number) => `ni ddangosir ${left} arall`,
    all: "Pob atgyfeiriad",
    none: "dim",
  },
};

/** What was received in a period, as bars: the largest first, months in their order. */
export function chartOf(
  { from, to, by, rows }: Stats,
  language: Language = "en",
  named: (dimension: Dimension, value: string) => string = (_dimension, value) => value,
): Chart {
  const say = words[language];
  const { first, last } = daysTouched({ from, to });
  const nameIn = (dimension: Dimension, value: string | null | undefined) =>
    value === null || value === undefined ? say.none : named(dimension, value);
  const bars = rows.map((row) => ({
    label: by.length === 0 ? say.all : by.map((name) => nameIn(name, row[name])).join(", "),
    value: row.received,
    text: String(row.received),
  }));
  if (!by.includes("month")) bars.sort((a, b) => b.value - a.value);
  const left = bars.length - mostBars;
  const title = say.title(first, last);
  return {
    title: left > 0 ? `${title}; ${say.more(left)}` : title,
    bars: bars.slice(0, mostBars),
    language,
  };
}
