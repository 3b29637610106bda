import { speakers } from "../contract/vocabulary.ts";
import { type Part, type StatsRow, type TimeFigures, type Timing, waitOwners } from "./model.ts";
import {
  addTo,
  createSpread,
  mergeInto,
  type PackedSpread,
  pack,
  percentile,
  type Spread,
  sizeOf,
  takeFrom,
  unpack,
} from "./spread.ts";

/** Sums that can be added up in any order: counts by name, and times. */
export interface Figures {
  counts: Record<string, number>;
  times: Partial<Record<Timing, { elapsed: Spread; service: Spread }>>;
}

/** The figures of one group of an answer. */
export interface Tally extends Figures {
  /** When the oldest open referral was submitted, in milliseconds since 1970. */
  oldestOpenMs: number | null;
}

export const createFigures = (): Figures => ({ counts: {}, times: {} });
export const createTally = (): Tally => ({ ...createFigures(), oldestOpenMs: null });

const noTimes = () => ({ elapsed: createSpread(), service: createSpread() });

/**
 * Adds what one referral gives one pool; `sign` -1 takes it out again. A count that is 0 again is gone. `exactly` is how
 * many times are kept as they are.
 */
export function addPart(figures: Figures, part: Part, sign: 1 | -1 = 1, exactly?: number): void {
  const change = (spread: Spread, ms: number) =>
    sign === 1 ? addTo(spread, ms, exactly) : takeFrom(spread, ms);
  for (const [name, amount] of Object.entries(part.counts)) {
    const sum = (figures.counts[name] ?? 0) + sign * amount;
    if (sum === 0) delete figures.counts[name];
    else figures.counts[name] = sum;
  }
  for (const [timing, { elapsedMs, serviceMs }] of Object.entries(part.times)) {
    const spreads = figures.times[timing as Timing] ?? noTimes();
    change(spreads.elapsed, elapsedMs);
    change(spreads.service, serviceMs);
    figures.times[timing as Timing] = spreads;
    if (sizeOf(spreads.elapsed) === 0) delete figures.times[timing as Timing];
  }
}

/** Sums as they are stored. */
export interface PackedFigures {
  counts: Record<string, number>;
  times: Partial<Record<Timing, { elapsed: PackedSpread; service: PackedSpread }>>;
}

export const packFigures = ({ counts, times }: Figures): PackedFigures => ({
  counts,
  times: Object.fromEntries(
    Object.entries(times).map(([timing, { elapsed, service }]) => [
      timing,
      { elapsed: pack(elapsed), service: pack(service) },
    ]),
  ),
});

export const unpackFigures = ({ counts, times }: PackedFigures): Figures => ({
  counts,
  times: Object.fromEntries(
    Object.entries(times).map(([timing, { elapsed, service }]) => [
      timing,
      { elapsed: unpack(elapsed), service: unpack(service) },
    ]),
  ),
});

/** Adds sums as they are stored to sums. */
export function addFigures(figures: Figures, { counts, times }: PackedFigures): void {
  for (const [name, amount] of Object.entries(counts))
    figures.counts[name] = (figures.counts[name] ?? 0) + amount;
  for (const [timing, spreads] of Object.entries(times)) {
    const known = figures.times[timing as Timing] ?? noTimes();
    mergeInto(known.elapsed, spreads.elapsed);
    mergeInto(known.service, spreads.service);
    figures.times[timing as Timing] = known;
  }
}

/** Whether nothing is left in it. */
export const isEmpty = ({ counts, times }: Figures): boolean =>
  Object.keys(counts).length === 0 && Object.keys(times).length === 0;

/** Remembers the oldest open referral. */
export function seeOpen(tally: Tally, submittedAt: Date): void {
  const atMs = submittedAt.getTime();
  if (tally.oldestOpenMs === null || atMs < tally.oldestOpenMs) tally.oldestOpenMs = atMs;
}

const inSeconds = (ms: number | null) => (ms === null ? null : Math.round(ms / 1000));
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
  const { elapsed, service } = tally.times[timing] ?? noTimes();
  return {
    count: sizeOf(elapsed),
    median: inSeconds(percentile(elapsed, 0.5)),
    p90: inSeconds(percentile(elapsed, 0.9)),
    serviceMedian: inSeconds(percentile(service, 0.5)),
    serviceP90: inSeconds(percentile(service, 0.9)),
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
    oldestOpen: tally.oldestOpenMs === null ? null : inSeconds(now.getTime() - tally.oldestOpenMs),
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
      waitOwners.map((owner) => [owner, inSeconds(of(`wait:${owner}`))]),
    ) as StatsRow["waitingOn"],
    dispositions: under(tally.counts, "disposition:"),
    results: resultsOf(tally.counts),
    declines,
    replies,
    unmet: of("unmet"),
    memberHelped: of("memberHelped"),
    directReplies: of("directReplies"),
    load: null,
    cover: null,
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
