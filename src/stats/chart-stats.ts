import type { Chart } from "./chart.ts";
import type { Stats } from "./model.ts";

/** More bars than this make no picture; the table has all of them. */
const mostBars = 30;

/** What was received in a period, as bars: the largest first, months in their order. */
export function chartOf({ from, to, by, rows }: Stats): Chart {
  const bars = rows.map((row) => ({
    label: by.length === 0 ? "All referrals" : by.map((name) => row[name] ?? "none").join(", "),
    value: row.received,
    text: String(row.received),
  }));
  if (!by.includes("month")) bars.sort((a, b) => b.value - a.value);
  const left = bars.length - mostBars;
  const title = `Referrals received from ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  return {
    title: left > 0 ? `${title}; ${left} more are not shown` : title,
    bars: bars.slice(0, mostBars),
    language: "en",
  };
}
