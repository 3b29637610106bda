import type { State } from "../contract/vocabulary.ts";

/** What figures can be broken down by. Two or more give a row for each combination that occurs. */
export const dimensions = [
  "forum",
  "pool",
  "department",
  "topic",
  "language",
  "state",
  "outcome",
  "month",
] as const;
export type Dimension = (typeof dimensions)[number];

/** The three times that are measured for each referral. */
export const timings = ["claim", "firstReply", "resolution"] as const;
export type Timing = (typeof timings)[number];

/** The targets of a pool, under the names the register gives them. */
export const targets = ["claim", "firstReply", "resolve"] as const;
export type Target = (typeof targets)[number];

/** Who a referral waits for in each of its open states. */
export const waitsFor: Readonly<Partial<Record<State, string>>> = {
  awaiting_consent: "member",
  diverted: "safeguarding",
  triage: "triage",
  offered: "pool",
  claimed: "advisor",
  waiting_member: "member",
  waiting_clearance: "clearance",
  replied: "forum",
};
export const waitOwners = [
  "pool",
  "advisor",
  "clearance",
  "member",
  "forum",
  "triage",
  "safeguarding",
] as const;

/** One line of a referral's history, as figures need it. */
export interface CaseEvent {
  type: string;
  at: Date;
  from: State | null;
  to: State | null;
  pool: string | null;
  data: Readonly<Record<string, unknown>>;
}

/** One referral with everything that figures are made of; no content. Times are instants. */
export interface Case {
  id: string;
  forum: string;
  pool: string | null;
  topic: string | null;
  language: string;
  state: State;
  disposition: string | null;
  result: string | null;
  saidBy: string | null;
  submittedAt: Date;
  consentedAt: Date | null;
  firstOfferedAt: Date | null;
  firstClaimedAt: Date | null;
  firstRepliedAt: Date | null;
  resolvedAt: Date | null;
  finishedAt: Date | null;
  stateSince: Date;
  claimDueAt: Date | null;
  replyDueAt: Date | null;
  resolveDueAt: Date | null;
  /** Oldest first. */
  history: readonly CaseEvent[];
  /** The pool of each lost race for it. */
  lostClaims: readonly string[];
}

/** What one referral adds to the figures of one pool, or of no pool. */
export interface Part {
  pool: string | null;
  /** How often each thing happened, and milliseconds waited, by name. */
  counts: Record<string, number>;
  /** Milliseconds, elapsed and in the hours of the pool. */
  times: Partial<Record<Timing, { elapsedMs: number; serviceMs: number }>>;
}

/** What goes on with time while a referral is open: who it waits for, and what falls due. */
export interface Ticking {
  owner: string | null;
  pool: string | null;
  sinceMs: number;
  dues: { target: Target; pool: string | null; atMs: number }[];
}

/** Where a referral stands in the dimensions that do not depend on a pool. */
export interface CaseKey {
  forum: string;
  topic: string | null;
  language: string;
  state: string;
  outcome: string | null;
}

export interface TimeFigures {
  count: number;
  median: number | null;
  p90: number | null;
  serviceMedian: number | null;
  serviceP90: number | null;
  /** Referrals for which this has not happened yet. */
  waiting: number;
}

/** One row of figures. Times are in seconds; what has no denominator is null, never 0. */
export interface StatsRow extends Partial<Record<Dimension, string | null>> {
  received: number;
  merged: number;
  open: number;
  oldestOpen: number | null;
  claimConflicts: number;
  claimLapses: number;
  escalations: number;
  timeToClaim: TimeFigures;
  timeToFirstReply: TimeFigures;
  timeToResolution: TimeFigures;
  withinTarget: Record<Target, number | null>;
  /** Seconds, summed by who had the next action. */
  waitingOn: Record<(typeof waitOwners)[number], number>;
  dispositions: Record<string, number>;
  /** The last word of each speaker on each referral; one referral can have several. */
  results: Record<string, Record<string, number>>;
  declines: Record<string, number>;
  replies: { delivered: number; failed: number; corrected: number };
  unmet: number;
  /** Resolved referrals of which the member, or else a moderator, last said `helped`; each counts once. */
  memberHelped: number;
  /** What advisors wrote in public by themselves: no referrals. Null by topic, state or outcome, which they have not. */
  directReplies: number | null;
  /** Only by pool: who is in the pool now, and what is open of this row for each of them. */
  load: { advisors: number; openPerAdvisor: number | null } | null;
  /** Only by pool: hours of service in the period, and those of them in which nobody was on duty. */
  cover: { serviceHours: number; uncoveredHours: number } | null;
  /** No forum reports views yet: not supplied, which is not 0. */
  viewsReached: null;
  rates: {
    resolution: number | null;
    memberHelped: number | null;
    confirmed: number | null;
    unconfirmed: number | null;
    reopened: number | null;
    rightFirstTime: number | null;
    declined: number | null;
    rerouted: number | null;
    delivered: number | null;
    corrected: number | null;
  };
}

export interface Stats {
  from: string;
  to: string;
  by: Dimension[];
  rows: StatsRow[];
  /** What the figures leave out, in sentences. */
  notes: string[];
}
