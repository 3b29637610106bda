import type { State } from "../contract/vocabulary.ts";
import {
  addServiceTime,
  type CompiledHours,
  elapsedMs,
  type Holidays,
  parseHours,
  serviceMsBetween,
  ukHolidays,
} from "../pools/index.ts";
import type { Register } from "../register/model.ts";
import { standardHours } from "../register/pool-entry.ts";
import type { Referral } from "./model.ts";
import { ownership } from "./states.ts";

/** What may fall due for a referral. Each fires once, in the transaction of what it causes. */
export type TimerKind =
  | "consent"
  | "acknowledge"
  | "triage"
  | "escalate"
  | "lapse"
  | "first-reply"
  | "nudge"
  | "member-lapse"
  | "confirmation"
  | "purge";

export interface TimerPlan {
  kind: TimerKind;
  dueAt: Date;
}

export interface Clocks {
  set: Pick<Referral, "clock" | "dueAt" | "claimDueAt" | "replyDueAt" | "resolveDueAt">;
  timers: TimerPlan[];
}

const minuteMs = 60_000;
const defaultHours: CompiledHours = parseHours(standardHours);

const compiled = new WeakMap<object, CompiledHours>();

/** The service hours of a pool, compiled once for each register; office hours of London where there is no pool. */
export function hoursOf(register: Register, poolSlug: string | null): CompiledHours {
  const entry = poolSlug === null ? undefined : register.pools.get(poolSlug);
  if (!entry) return defaultHours;
  const known = compiled.get(entry.hours);
  if (known) return known;
  const hours = parseHours(entry.hours);
  compiled.set(entry.hours, hours);
  return hours;
}

const later = (from: Date, elapsed: string): Date => new Date(from.getTime() + elapsedMs(elapsed));

/** The rest of a target that was paused from `pausedAt` to `now`, from now on, in open minutes. */
function resume(
  dueAt: Date | null,
  pausedAt: Date,
  now: Date,
  hours: CompiledHours,
  holidays: Holidays,
): Date | null {
  if (dueAt === null) return null;
  const leftMs = serviceMsBetween(pausedAt, dueAt, hours, holidays);
  if (leftMs === 0) return dueAt;
  return addServiceTime(now, `PT${Math.max(1, Math.round(leftMs / minuteMs))}M`, hours, holidays);
}

/** What the clocks of a referral are worked out from. */
export type Ticking = Pick<
  Referral,
  | "state"
  | "poolSlug"
  | "claimDueAt"
  | "replyDueAt"
  | "resolveDueAt"
  | "firstRepliedAt"
  | "submittedAt"
  | "consentedAt"
  | "stateSince"
>;

/**
 * The clocks and timers of a referral that goes to a state at a moment. `referral` is as it was before the step, with
 * the pool it goes to. Targets are set when it is first offered and kept when it is reopened; a wait for the member
 * pauses them. All times are instants; windows come from the register's settings.
 */
export function clocksFor(referral: Ticking, to: State, now: Date, register: Register): Clocks {
  const { settings, alerts } = register;
  const hours = hoursOf(register, referral.poolSlug);
  const targets = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug)?.targets;
  const target = (from: Date, duration: string | undefined) =>
    duration === undefined ? null : addServiceTime(from, duration, hours, ukHolidays);
  const set: Clocks["set"] = {
    clock: ownership[to].clock,
    dueAt: null,
    claimDueAt: referral.claimDueAt,
    replyDueAt: referral.replyDueAt,
    resolveDueAt: referral.resolveDueAt,
  };
  const timers: TimerPlan[] = [];
  const due = (kind: TimerKind, at: Date | null) => {
    if (at) timers.push({ kind, dueAt: at });
    return at;
  };
  const started = referral.consentedAt ?? referral.submittedAt;

  if (referral.state === "waiting_member" && to !== "waiting_member") {
    set.replyDueAt = resume(referral.replyDueAt, referral.stateSince, now, hours, ukHolidays);
    set.resolveDueAt = resume(referral.resolveDueAt, referral.stateSince, now, hours, ukHolidays);
  }
  if (to === "offered") {
    set.claimDueAt = target(now, targets?.claim);
    set.replyDueAt ??= target(started, targets?.firstReply);
    set.resolveDueAt ??= target(started, targets?.resolve);
  }
  const overdue = () => {
    const replied = referral.firstRepliedAt !== null;
    set.clock = replied ? "resolve" : "first-reply";
    set.dueAt = replied ? set.resolveDueAt : set.replyDueAt;
    if (!replied && set.replyDueAt && set.replyDueAt > now) due("first-reply", set.replyDueAt);
  };

  if (to === "awaiting_consent") set.dueAt = due("consent", later(now, settings.consentWindow));
  if (to === "diverted")
    set.dueAt = due("acknowledge", later(now, alerts.safeguarding?.acknowledge ?? "PT15M"));
  if (to === "triage")
    set.dueAt = due("triage", addServiceTime(now, alerts.triage?.target ?? "PT4H", defaultHours, ukHolidays));
  if (to === "offered") set.dueAt = due("escalate", set.claimDueAt);
  if (to === "claimed") {
    overdue();
    due("lapse", addServiceTime(now, settings.claimLapse, hours, ukHolidays));
  }
  if (to === "waiting_clearance") overdue();
  if (to === "waiting_member") {
    due("nudge", later(now, settings.nudge));
    set.dueAt = due("member-lapse", later(now, settings.memberLapse));
  }
  if (to === "replied") set.dueAt = due("confirmation", later(now, settings.confirmWindow));
  if (to === "resolved" || to === "closed") set.dueAt = later(now, settings.reopenWindow);
  if (to === "resolved" || to === "closed" || to === "withdrawn")
    due("purge", later(now, settings.keepContent));
  return { set, timers };
}
