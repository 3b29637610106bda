import { daysTouched } from "./london-days.ts";
import type { Stats, StatsRow, TimeFigures } from "./model.ts";
import { percent, referrals, spell } from "./words.ts";

const dash = "–";
const timeOf = (seconds: number | null) => (seconds === null ? dash : spell(seconds));

const columns: readonly [title: string, of: (row: StatsRow) => string][] = [
  ["received", (row) => String(row.received)],
  ["open", (row) => String(row.open)],
  ["oldest open", (row) => timeOf(row.oldestOpen)],
  ["claim: median", (row) => timeOf(row.timeToClaim.serviceMedian)],
  ["90 %", (row) => timeOf(row.timeToClaim.serviceP90)],
  ["reply: median", (row) => timeOf(row.timeToFirstReply.serviceMedian)],
  ["90 %", (row) => timeOf(row.timeToFirstReply.serviceP90)],
  ["reply in target", (row) => percent(row.withinTarget.firstReply)],
  ["resolved with help", (row) => percent(row.rates.resolution)],
  ["helped, said by the forum", (row) => percent(row.rates.memberHelped)],
  ["confirmed", (row) => percent(row.rates.confirmed)],
  ["right first time", (row) => percent(row.rates.rightFirstTime)],
];

/** Only where pools are asked for. */
const dutyColumns: typeof columns = [
  ["open each", (row) => String(row.load?.openPerAdvisor ?? dash)],
  [
    "hours with nobody",
    (row) => (row.cover ? `${row.cover.uncoveredHours} of ${row.cover.serviceHours}` : dash),
  ],
];

/** The figures as a table of texts for a terminal: names first, then a line for each group. Times in the pools' hours. */
export function statsRows(stats: Stats): string[][] {
  const shown = [...columns, ...(stats.rows.some(({ load }) => load !== null) ? dutyColumns : [])];
  return [
    [...stats.by, ...shown.map(([title]) => title)],
    ...stats.rows.map((row) => [
      ...stats.by.map((dimension) => row[dimension] ?? dash),
      ...shown.map(([, of]) => of(row)),
    ]),
  ];
}

function timeSentence(what: string, { count, serviceMedian, serviceP90, waiting }: TimeFigures): string {
  const rest = waiting > 0 ? `; ${waiting} still ${waiting === 1 ? "waits" : "wait"} for it` : "";
  if (count === 0 || serviceMedian === null || serviceP90 === null) return `No ${what} yet${rest}.`;
  return `Time to ${what}, in the pools' hours: half within ${spell(serviceMedian)}, nine in ten within ${spell(serviceP90)} (${count} counted${rest}).`;
}

function aboutRow(row: StatsRow, of: string): string[] {
  const { rates } = row;
  const helped =
    rates.resolution === null
      ? "None is finished, so there is no rate of resolution."
      : `${percent(rates.resolution)} of those finished were resolved with help; members or moderators themselves said so for ${percent(rates.memberHelped)} of those resolved, and ${percent(rates.confirmed)} were confirmed by them at all.`;
  return [
    `${of}${referrals(row.received)} received, ${row.open} still open.`,
    timeSentence("claim", row.timeToClaim),
    timeSentence("first reply", row.timeToFirstReply),
    helped,
  ];
}

/**
 * The figures in plain sentences, for a chat or a page without tables, and what they leave out. Several groups give a
 * paragraph each.
 */
export function summarise(stats: Stats): string {
  const { first, last } = daysTouched(stats);
  const period = `Referrals submitted from ${first} to ${last}.`;
  const groups = stats.rows.map((row) => {
    const name = stats.by.map((dimension) => `${dimension} ${row[dimension] ?? "none"}`).join(", ");
    return aboutRow(row, name === "" ? "" : `${name}: `).join(" ");
  });
  const leftOut = [
    ...stats.notes,
    "Times are of what has happened; what still waits is not in them",
    "Views reached are not supplied by any forum",
  ];
  const none = groups.length === 0 ? ["No referrals."] : groups;
  return [period, ...none, `What these figures leave out: ${leftOut.join(". ")}.`].join("\n\n");
}
