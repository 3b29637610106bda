import type { State } from "../../src/contract/vocabulary.ts";
import { addServiceTime, parseHours, serviceMsBetween, ukHolidays } from "../../src/pools/index.ts";
import { PoolEntry } from "../../src/register/document.ts";
import type { Register } from "../../src/register/model.ts";
import { createContext } from "../../src/stats/context.ts";
import type { Case, CaseEvent } from "../../src/stats/model.ts";
import { smallRegister } from "../access/support.ts";

export type Writable = { -readonly [name in keyof Case]: Case[name] } & {
  history: CaseEvent[];
  lostClaims: string[];
};

/** Two pools of one department and one of another, with the standard hours and targets. */
export function poolsRegister(): Register {
  const register = smallRegister();
  const pools = ["uc", "uc-second", "jabs"].map((slug) =>
    PoolEntry.parse({ slug, department: slug === "jabs" ? "health" : "dwp", name: slug }),
  );
  return { ...register, pools: new Map(pools.map((pool) => [pool.slug, pool])) };
}

/** An instant written as `09:00`, or with a day as `Tue 09:00`: London, in the week of Monday 15 June 2026. */
export function instantOf(text: string): Date {
  const [time = "", day = "Mon"] = text.split(" ").reverse();
  const date = 15 + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(day);
  return new Date(`2026-06-${date}T${time}:00+01:00`);
}

const register = poolsRegister();
const hours = parseHours(
  register.pools.get("uc")?.hours ?? { timezone: "Europe/London", division: "england-and-wales", weekly: {} },
);
/** A target that a wait for the member put off. */
const resume = (dueAt: Date | null, since: Date, at: Date): Date | null => {
  if (dueAt === null || dueAt <= since) return dueAt;
  const minutes = Math.floor(serviceMsBetween(since, dueAt, hours, ukHolidays) / 60_000);
  return addServiceTime(at, `PT${minutes}M`, hours, ukHolidays);
};
const due = (from: Date, target: string) => addServiceTime(from, target, hours, ukHolidays);

/** The context of figures under this register. */
export const context = createContext(register);

/** A referral that nothing has happened to. */
export function born(at: Date): Writable {
  return {
    id: "00000000-0000-7000-8000-000000000001",
    forum: "parents",
    pool: null,
    topic: "universal-credit",
    language: "en",
    state: "triage",
    disposition: null,
    result: null,
    saidBy: null,
    submittedAt: at,
    consentedAt: null,
    firstOfferedAt: null,
    firstClaimedAt: null,
    firstRepliedAt: null,
    resolvedAt: null,
    finishedAt: null,
    stateSince: at,
    claimDueAt: null,
    replyDueAt: null,
    resolveDueAt: null,
    history: [],
    lostClaims: [],
  };
}

/** Where each word of an example takes a referral, with the event it writes. */
const words: Record<string, { type: string; to: State | null }> = {
  offered: { type: "referral.offered", to: "offered" },
  triage: { type: "referral.triage", to: "triage" },
  diverted: { type: "referral.diverted", to: "diverted" },
  asked: { type: "referral.consent_requested", to: "awaiting_consent" },
  claimed: { type: "referral.claimed", to: "claimed" },
  escalated: { type: "referral.escalated", to: "offered" },
  declined: { type: "referral.declined", to: "triage" },
  rerouted: { type: "referral.rerouted", to: "offered" },
  released: { type: "referral.released", to: "offered" },
  lapsed: { type: "referral.lapsed", to: "offered" },
  waits: { type: "referral.asked", to: "waiting_member" },
  answers: { type: "referral.answered", to: "claimed" },
  replied: { type: "referral.replied", to: "replied" },
  failed: { type: "reply.failed", to: null },
  held: { type: "reply.held", to: null },
  posted: { type: "reply.posted", to: null },
  corrected: { type: "referral.corrected", to: null },
  resolved: { type: "referral.resolved", to: "resolved" },
  closed: { type: "referral.closed", to: "closed" },
  reopened: { type: "referral.reopened", to: "claimed" },
  feedback: { type: "referral.feedback", to: null },
  withdrawn: { type: "referral.withdrawn", to: "withdrawn" },
  merged: { type: "referral.merged", to: "merged" },
  split: { type: "referral.split", to: "triage" },
  erased: { type: "referral.erased", to: null },
};

/** What the words after an event's name mean, as the event's data and the outcome. */
function detailsOf(word: string, args: string[]): Record<string, unknown> {
  const [first, second, third] = args;
  if (word === "resolved" || word === "feedback") return { result: first, saidBy: second };
  if (word === "closed") return { disposition: first, result: second, saidBy: third };
  if (word === "declined") return { reason: first, likelyOwner: second ?? null };
  if (!["replied", "failed", "held", "posted"].includes(word)) return {};
  return { replyId: first ?? "1", ...(second === "held" ? { held: true } : {}) };
}

/** Takes a referral on by one word, as its columns and its history would change. */
export function move(one: Writable, word: string, args: string[], at: Date): void {
  const known = words[word];
  if (!known) throw new Error(`No such word in an example: ${word}`);
  const data = detailsOf(word, args);
  const takesPool = ["offered", "escalated", "rerouted"].includes(word);
  if (takesPool) one.pool = args[0] ?? one.pool;
  if (word === "declined" && args[1]) one.pool = args[1];
  const to = word === "declined" && args[1] ? "offered" : known.to;
  const from = one.history.length === 0 ? null : one.state;
  one.history.push({ type: known.type, at, from: to === null ? null : from, to, pool: one.pool, data });
  if (to === null) return;
  if (one.state === "waiting_member") {
    one.replyDueAt = resume(one.replyDueAt, one.stateSince, at);
    one.resolveDueAt = resume(one.resolveDueAt, one.stateSince, at);
  }
  one.state = to;
  one.stateSince = at;
  one.finishedAt = ["resolved", "closed", "withdrawn", "merged"].includes(to) ? at : null;
  if (to === "triage" || to === "diverted") one.pool = null;
  if (to === "offered") {
    one.firstOfferedAt ??= at;
    one.claimDueAt = due(at, "PT2H");
    one.replyDueAt ??= due(one.submittedAt, "P1D");
    one.resolveDueAt ??= due(one.submittedAt, "P5D");
  }
  if (word === "claimed") one.firstClaimedAt ??= at;
  if (to === "replied") one.firstRepliedAt ??= at;
  if (to === "resolved") one.resolvedAt = at;
  settle(one, word, data);
}

function settle(one: Writable, word: string, data: Record<string, unknown>): void {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  if (word === "reopened") Object.assign(one, { disposition: null, result: null, saidBy: null });
  if (word === "resolved") one.disposition = "answered_in_public";
  if (word === "closed") one.disposition = text(data.disposition);
  if (word === "withdrawn") one.disposition = "withdrawn";
  if (word === "resolved" || word === "closed") {
    one.result = text(data.result);
    one.saidBy = text(data.saidBy);
  }
}

/** A referral from a line such as `09:00 offered uc; 09:05 claimed; 09:30 replied; 10:00 resolved helped member`. */
export function caseOf(line: string): Case {
  let one: Writable | null = null;
  for (const step of line.split(";").map((part) => part.trim())) {
    const found = /^((?:\w{3} )?\d\d:\d\d) (\S+) ?(.*)$/.exec(step);
    if (!found) throw new Error(`Not a step of an example: ${step}`);
    const [, time = "", word = "", rest = ""] = found;
    const at = instantOf(time);
    one ??= born(at);
    if (word === "lost") one.lostClaims.push(rest);
    else move(one, word, rest === "" ? [] : rest.split(" "), at);
  }
  if (!one) throw new Error("An example without a step.");
  return one;
}
