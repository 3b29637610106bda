import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { addServiceTime, elapsedMs, ukHolidays } from "../pools/index.ts";
import { holdersOf } from "../register/model.ts";
import { hoursOf, type TimerKind } from "./clocks.ts";
import { eraseInTurn } from "./erasing.ts";
import { alert, tellForum, tellPool } from "./notices.ts";
import { takenBack } from "./outcome.ts";
import { endTurn } from "./perform-verb.ts";
import { whyNot } from "./placing.ts";
import { report, step } from "./step.ts";
import { findDueTimers, readHistory, setTimer, takeTimer } from "./store/records.ts";
import { findReferralById } from "./store/referrals.ts";
import { beginTurn, ChangedMeanwhile, type Turn } from "./turn.ts";

const unconfirmed = { result: "unknown", saidBy: "nobody" } as const;

/** The next pool of the escalation chain that can have it, with the reasons for those passed over. */
function nextInChain(turn: Turn): {
  pool: string | null;
  at: number;
  skipped: { pool: string; reason: string }[];
} {
  const { referral, register, now } = turn;
  const chain = register.pools.get(referral.poolSlug ?? "")?.escalateTo ?? [];
  const skipped: { pool: string; reason: string }[] = [];
  for (const pool of chain) {
    const reason = referral.triedPools.includes(pool)
      ? "already-tried"
      : whyNot(register, referral.forumSlug, pool, now);
    if (reason === null) return { pool, at: referral.escalation + 1, skipped };
    skipped.push({ pool, reason });
  }
  return { pool: null, at: referral.escalation, skipped };
}

async function escalate(turn: Turn): Promise<void> {
  const { referral } = turn;
  const { pool, at, skipped } = nextInChain(turn);
  const tried = referral.poolSlug === null ? [] : [referral.poolSlug];
  const triedPools = [...new Set([...referral.triedPools, ...tried])];
  const data = { from: referral.poolSlug, skipped };
  if (pool === null) await step(turn, "exhaust", "triage", { set: { triedPools }, data });
  else
    await step(turn, "escalate", "offered", {
      set: { poolSlug: pool, escalation: at, triedPools },
      data: { ...data, to: pool },
    });
}

/** The next person of the safeguarding chain, then the administrator; rung again until somebody acknowledges. */
async function callNextContact(turn: Turn): Promise<void> {
  const { referral, register, now } = turn;
  if (referral.acknowledgedAt !== null) return;
  const chain = holdersOf(register, "safeguarding");
  const called = referral.escalation + 1;
  const contact = chain[called] ?? "administrator";
  const againMs = elapsedMs(register.alerts.safeguarding?.acknowledge ?? "PT15M");
  const dueAt = new Date(now.getTime() + againMs);
  await report(turn, "referral.unacknowledged", "timer", {
    set: { escalation: called, dueAt },
    data: { contact },
  });
  await setTimer(turn.tx, referral.id, { kind: "acknowledge", dueAt });
  const name = contact === "administrator" ? "administrator" : "safeguarding";
  await alert(turn, name, "referral.unacknowledged", contact);
}

async function lapse(turn: Turn): Promise<void> {
  const { tx, referral, register, now } = turn;
  if (turn.replies.some((reply) => reply.state === "queued")) {
    const dueAt = addServiceTime(
      now,
      register.settings.claimLapse,
      hoursOf(register, referral.poolSlug),
      ukHolidays,
    );
    await setTimer(tx, referral.id, { kind: "lapse", dueAt });
    return;
  }
  await step(turn, "lapse", "offered", {});
}

const fired: Record<TimerKind, (turn: Turn) => Promise<void>> = {
  async consent(turn) {
    if (turn.referral.state !== "awaiting_consent") return;
    await step(turn, "consent-refused", "withdrawn", {
      set: takenBack("nobody"),
      data: { because: "consent-lapsed" },
    });
    await eraseInTurn(turn, "consent-refused");
  },
  acknowledge: callNextContact,
  async triage(turn) {
    await report(turn, "referral.overdue", "timer", { data: { clock: "triage" } });
    await alert(turn, "triage", "referral.overdue");
  },
  escalate,
  lapse,
  async "first-reply"(turn) {
    await report(turn, "referral.overdue", "timer", { data: { clock: "first-reply" } });
    await tellPool(turn, "referral.overdue", null, "timer");
  },
  async nudge(turn) {
    // Nothing is posted under a post that is gone, until a person decides.
    if (turn.referral.postDeletedAt !== null) return;
    await report(turn, "referral.nudged", "timer");
    await tellForum(turn, "referral.question", await lastQuestion(turn));
  },
  async "member-lapse"(turn) {
    await step(turn, "member-lapse", "closed", {
      set: { disposition: "insufficient_information", result: "could_not_reach", saidBy: "nobody" },
    });
  },
  async confirmation(turn) {
    await step(turn, "confirmation-lapse", "closed", {
      set: { disposition: turn.referral.proposedDisposition, ...unconfirmed },
    });
  },
  async purge(turn) {
    await eraseInTurn(turn, "retention");
  },
};

async function lastQuestion(turn: Turn): Promise<Record<string, unknown>> {
  const history = (await readHistory(turn.tx, [turn.referral.id])).get(turn.referral.id) ?? [];
  return {
    textId: history.findLast((event) => event.type === "question.queued")?.textId ?? null,
    nudge: true,
  };
}

async function fire(deps: Deps, tx: Tx, referralId: string, kind: TimerKind): Promise<boolean> {
  const referral = await findReferralById(tx, referralId, true);
  if (!referral || !(await takeTimer(tx, referralId, kind, deps.now()))) return false;
  const turn = await beginTurn(deps, tx, referral, { kind: "timer" }, deps.now());
  await fired[kind](turn);
  await endTurn(turn, referral.state);
  return true;
}

/**
 * Does what is due at this moment, each in a transaction of its own that takes the timer away: once, however many
 * instances look. Gives how many were done; what fails is left for the next look and logged.
 */
export async function fireTimers(deps: Deps, limit = 100): Promise<number> {
  let done = 0;
  for (const { referralId, kind } of await findDueTimers(deps.db, deps.now(), limit)) {
    try {
      if (await deps.transaction((tx) => fire(deps, tx, referralId, kind))) done += 1;
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile))
        deps.logger.error("a timer could not be done", { timer: kind }, error);
    }
  }
  if (done > 0) deps.nudge();
  return done;
}
