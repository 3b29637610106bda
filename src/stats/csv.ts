import { Readable } from "node:stream";
import { stringify } from "csv-stringify";
import { declineReasons, dispositions, results, speakers } from "../contract/vocabulary.ts";
import { type Stats, type StatsRow, targets, waitOwners } from "./model.ts";

type Cell = string | number | null;
interface Column {
  name: string;
  of: (row: StatsRow) => Cell;
}

const times = ["timeToClaim", "timeToFirstReply", "timeToResolution"] as const;
const timeFields = ["count", "median", "p90", "serviceMedian", "serviceP90", "waiting"] as const;
const plain = [
  "received",
  "merged",
  "open",
  "oldestOpen",
  "claimConflicts",
  "claimLapses",
  "escalations",
] as const;
const rates = [
  "resolution",
  "memberHelped",
  "confirmed",
  "unconfirmed",
  "reopened",
  "rightFirstTime",
  "declined",
  "rerouted",
  "delivered",
  "corrected",
] as const;
const replies = ["delivered", "failed", "corrected"] as const;

/** Every figure as a column of its own, always the same ones, named by its path in the JSON. */
const columns: readonly Column[] = [
  ...plain.map((name): Column => ({ name, of: (row) => row[name] })),
  ...times.flatMap((time) =>
    timeFields.map((field): Column => ({ name: `${time}.${field}`, of: (row) => row[time][field] })),
  ),
  ...targets.map((name): Column => ({ name: `withinTarget.${name}`, of: (row) => row.withinTarget[name] })),
  ...waitOwners.map((name): Column => ({ name: `waitingOn.${name}`, of: (row) => row.waitingOn[name] })),
  ...dispositions.map(
    (name): Column => ({ name: `dispositions.${name}`, of: (row) => row.dispositions[name] ?? 0 }),
  ),
  ...results.flatMap((result) =>
    speakers.map(
      (speaker): Column => ({
        name: `results.${result}.${speaker}`,
        of: (row) => row.results[result]?.[speaker] ?? 0,
      }),
    ),
  ),
  ...declineReasons.map(
    (name): Column => ({ name: `declines.${name}`, of: (row) => row.declines[name] ?? 0 }),
  ),
  ...replies.map((name): Column => ({ name: `replies.${name}`, of: (row) => row.replies[name] })),
  { name: "unmet", of: (row) => row.unmet },
  { name: "memberHelped", of: (row) => row.memberHelped },
  { name: "directReplies", of: (row) => row.directReplies },
  { name: "load.advisors", of: (row) => row.load?.advisors ?? null },
  { name: "load.openPerAdvisor", of: (row) => row.load?.openPerAdvisor ?? null },
  { name: "cover.serviceHours", of: (row) => row.cover?.serviceHours ?? null },
  { name: "cover.uncoveredHours", of: (row) => row.cover?.uncoveredHours ?? null },
  { name: "viewsReached", of: (row) => row.viewsReached },
  ...rates.map((name): Column => ({ name: `rates.${name}`, of: (row) => row.rates[name] })),
];

function* records(stats: Stats): Generator<Cell[]> {
  yield [...stats.by, ...columns.map(({ name }) => name)];
  for (const row of stats.rows)
    yield [...stats.by.map((dimension) => row[dimension] ?? null), ...columns.map(({ of }) => of(row))];
}

/**
 * The figures as comma-separated values (RFC 4180), row by row: a line of names, then one for each group. What has no
 * denominator is empty. A cell that a spreadsheet would take for a formula is made text.
 */
export function streamCsv(stats: Stats): Readable {
  return Readable.from(records(stats)).pipe(
    stringify({ escape_formulas: true, record_delimiter: "windows" }),
  );
}
