import type { DeliveryState } from "../contract/vocabulary.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Waits between attempts, from the Standard Webhooks specification 1.0.0 ("Deliverability and reliability"). */
export const scheduleMs = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
] as const;

const lastStepMs = 24 * hourMs;
const jitter = 0.2;
/** Longest wait that an answer of the other side is allowed to ask for. */
const longestRetryAfterMs = 24 * hourMs;

export const parkAfterMs = 5 * 24 * hourMs;
export const alarmAfterMs = hourMs;
export const leaseMs = 30 * secondMs;
export const sendTimeoutMs = 20 * secondMs;

/** Versions of `data` this code can read; rows of a later one are left for newer code. */
export const dataVersion = 1;

/** The time at which nothing is due: what waits behind an unsettled delivery has it as `nextAt`. */
export const blockedUntil = new Date("9999-12-31T00:00:00.000Z");

/**
 * How long to wait before the attempt after `step` steps of the schedule were used; `random` is in [0, 1) and spreads it
 * by 20 % either way. After the last step it is 24 h each time. What the other side asked for (`afterMs`, at most 24 h) wins.
 */
export function waitMs(step: number, random: number, afterMs?: number): number {
  if (afterMs !== undefined) return Math.min(Math.max(0, Math.round(afterMs)), longestRetryAfterMs);
  const base = scheduleMs[step] ?? lastStepMs;
  return Math.round(base * (1 - jitter + 2 * jitter * random));
}

/** A delivery as far as its next state depends on it. `uncertain`: an earlier send may have been applied. */
export interface Attempted {
  step: number;
  uncertain: boolean;
  /** When it was written, or last replayed. */
  countedFrom: Date;
  failingSince: Date | null;
}

export type Verdict =
  | { outcome: "delivered" }
  | { outcome: "refused"; reason: string }
  | { outcome: "cancelled"; reason: string }
  | { outcome: "retry" | "unknown"; afterMs?: number; early?: true; reason: string };

/** What is stored after an attempt. */
export interface Next {
  state: Exclude<DeliveryState, "leased">;
  step: number;
  nextAt: Date;
  settledAt: Date | null;
  failingSince: Date | null;
  lastError: string | null;
  /** Parked without its fate being known: a replay looks it up first. */
  uncertain?: true;
}

/**
 * The state after an attempt. The first time a fate is unknown takes no step and is due at once; a second time in a row
 * follows the schedule, so that a destination which swallows every request is not asked without end. Where it is known how
 * long to wait, that takes no step: the schedule is for failures whose end nobody knows. What was too early for our own
 * limit has not failed. What failed five days after it was written (or last replayed) is `parked`.
 */
export function settle(row: Attempted, verdict: Verdict, now: Date, random: number): Next {
  if (verdict.outcome === "delivered") {
    return {
      state: "delivered",
      step: row.step,
      nextAt: now,
      settledAt: now,
      failingSince: null,
      lastError: null,
    };
  }
  if (verdict.outcome === "refused" || verdict.outcome === "cancelled") {
    const { outcome, reason } = verdict;
    return {
      state: outcome,
      step: row.step,
      nextAt: now,
      settledAt: now,
      failingSince: null,
      lastError: reason,
    };
  }
  const failingSince = row.failingSince ?? (verdict.early ? null : now);
  const failed = { failingSince, lastError: verdict.reason };
  if (verdict.outcome === "unknown" && !row.uncertain) {
    return { ...failed, state: "unknown", step: row.step, nextAt: now, settledAt: null };
  }
  const step = verdict.afterMs === undefined ? row.step + 1 : row.step;
  if (now.getTime() - row.countedFrom.getTime() >= parkAfterMs) {
    const parked = { ...failed, state: "parked", step, nextAt: now, settledAt: now } as const;
    return verdict.outcome === "unknown" ? { ...parked, uncertain: true } : parked;
  }
  const wait = waitMs(row.step, random, verdict.afterMs);
  const state = verdict.outcome === "retry" ? "waiting" : "unknown";
  return { ...failed, state, step, nextAt: new Date(now.getTime() + wait), settledAt: null };
}

/** A destination of one adapter as a single word, for maps and locks. */
export const destinationKey = (adapter: string, destination: string): string => `${adapter}\n${destination}`;
