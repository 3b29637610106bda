import { speakers } from "../contract/vocabulary.ts";
import { type Part, type StatsRow, type TimeFigures, type Timing, waitOwners } from "./model.ts";

/** Figures of one group, added up referral by referral. */
export interface Tally {
  counts: Record<string, number>;
  times: Record<Timing, { seconds: number[]; service: number[] }>;
  /** When the oldest open referral was submitted, in milliseconds since 1970. */
  oldestOpenMs: number | null;
}

const noTimes = () => ({ seconds: [], service: [] });

export const createTally = (): Tally => ({
  counts: {},
  times: { claim: noTimes(), firstReply: noTimes(), resolution: noTimes() },
  oldestOpenMs: null,
});

/** Adds what one referral gives one pool to a group. */
export function addPart(tally: Tally, part: Part, submittedAt: Date): void {
  for (const [name, amount] of Object.entries(part.counts))
    tally.counts[name] = (tally.counts[name] ?? 0) + amount;
  for (const [timing, time] of Object.entries(part.times)) {
    const list = tally.times[timing as Timing];
    list.seconds.push(time.seconds);
    list.service.push(time.service);
  }
  const atMs = submittedAt.getTime();
  if (part.counts.open && (tally.oldestOpenMs === null || atMs < tally.oldestOpenMs))
    tally.oldestOpenMs = atMs;
}

/**
 * The value below which that share of the values lies, between the two nearest where it falls between them: what
 * `percentile_cont` gives in SQL and PERCENTILE.INC in a spreadsheet. Null without values.
 */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}

const whole = (value: number | null) => (value === null ? null : Math.round(value));
/** Four decimals: finer than any group here can tell apart. */
const rate = (part: number, all: number) => (all === 0 ? null : Math.round((part / all) * 10_000) / 10_000);

/** The counts under a prefix, without it; what did not happen is left out. */
function under(counts: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  const found = Object.entries(counts).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    found.map(([name, n]) => [name.slice(prefix.length), n] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function resultsOf(counts: Readonly<Record<string, number>>): StatsRow["results"] {
  const results: StatsRow["results"] = {};
  for (const [name, n] of Object.entries(under(counts, "result:"))) {
    const [result = "", speaker = ""] = name.split(":");
    results[result] ??= Object.fromEntries(speakers.map((one) => [one, 0]));
    results[result][speaker] = n;
  }
  return results;
}

function timesOf(tally: Tally, timing: Timing): TimeFigures {
  const { seconds, service } = tally.times[timing];
  return {
    count: seconds.length,
    median: whole(percentile(seconds, 0.5)),
    p90: whole(percentile(seconds, 0.9)),
    serviceMedian: whole(percentile(service, 0.5)),
    serviceP90: whole(percentile(service, 0.9)),
    waiting: tally.counts[`waiting:${timing}`] ?? 0,
  };
}

/** The figures of a group. `withMerged` counts merged referrals as received, as a forum does with its own. */
export function toRow(tally: Tally, now: Date, withMerged: boolean): Omit<StatsRow, "forum"> {
  const of = (name: string) => tally.counts[name] ?? 0;
  const declines = under(tally.counts, "declined:");
  const declined = Object.values(declines).reduce((sum, n) => sum + n, 0);
  const replies = { delivered: of("delivered"), failed: of("failed"), corrected: of("corrected") };
  return {
    received: of("received") + (withMerged ? of("merged") : 0),
    merged: of("merged"),
    open: of("open"),
    oldestOpen: tally.oldestOpenMs === null ? null : whole((now.getTime() - tally.oldestOpenMs) / 1000),
    claimConflicts: of("claimConflicts"),
    claimLapses: of("claimLapses"),
    escalations: of("escalations"),
    timeToClaim: timesOf(tally, "claim"),
    timeToFirstReply: timesOf(tally, "firstReply"),
    timeToResolution: timesOf(tally, "resolution"),
    withinTarget: {
      claim: rate(of("onTime:claim"), of("due:claim")),
      firstReply: rate(of("onTime:firstReply"), of("due:firstReply")),
      resolve: rate(of("onTime:resolve"), of("due:resolve")),
    },
    waitingOn: Object.fromEntries(
      waitOwners.map((owner) => [owner, Math.round(of(`wait:${owner}`))]),
    ) as StatsRow["waitingOn"],
    dispositions: under(tally.counts, "disposition:"),
    results: resultsOf(tally.counts),
    declines,
    replies,
    unmet: of("unmet"),
    viewsReached: null,
    rates: {
      resolution: rate(of("resolvedHelpful"), of("finished")),
      memberHelped: rate(of("memberHelped"), of("resolved")),
      confirmed: rate(of("confirmed"), of("resolved")),
      unconfirmed: rate(of("unconfirmed"), of("finished")),
      reopened: rate(of("reopened"), of("everFinished")),
      rightFirstTime: rate(of("rightFirst"), of("offered")),
      declined: rate(declined, of("offerings")),
      rerouted: rate(of("rerouted"), of("offerings")),
      delivered: rate(replies.delivered, replies.delivered + replies.failed),
      corrected: rate(replies.corrected, replies.delivered),
    },
  };
}
