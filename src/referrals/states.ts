import { type ForumNotice, finishedStates, type Role, type State, states } from "../contract/vocabulary.ts";

/** One line of the life cycle: who may take a referral from which states to which. */
export interface Transition {
  name: string;
  /** Empty: a birth. */
  from: readonly State[];
  to: readonly State[];
  by: readonly Role[];
  /** The event's type, when it is not `referral.<new state>`. */
  event?: string;
  /** What the forum is told; nothing when absent. */
  tells?: ForumNotice;
  /** What a reply on its way does to this step. Steps that say nothing are not affected by it. */
  replyInFlight?: "refuses" | "is-cancelled";
}

/** Whether a referral still has a next action: every state but the last four. */
export const isOpen = (state: State): boolean => !(finishedStates as readonly State[]).includes(state);

const open = states.filter(isOpen);
const mergeable = open.filter((state) => state !== "awaiting_consent" && state !== "diverted");
const held = ["claimed", "waiting_member", "waiting_clearance", "replied"] as const;
const births = ["offered", "triage", "diverted", "awaiting_consent"] as const;
const everybody = ["moderator", "member", "advisor", "owner", "lead", "clearer", "triage"] as const;

/** The whole life of a referral. Nothing else decides a state; what is not listed is refused. */
export const transitions: readonly Transition[] = [
  { name: "submit", from: [], to: births, by: ["moderator"] },
  {
    name: "consent-given",
    from: ["awaiting_consent"],
    to: ["offered", "triage", "diverted"],
    by: ["member"],
  },
  {
    name: "consent-refused",
    from: ["awaiting_consent"],
    to: ["withdrawn"],
    by: ["member", "timer"],
    event: "referral.consent_refused",
    tells: "referral.withdrawn",
  },
  {
    name: "divert",
    from: open,
    to: ["diverted"],
    by: ["moderator", "advisor", "owner", "lead", "triage"],
    tells: "referral.diverted",
  },
  { name: "wording-found", from: open, to: ["diverted"], by: everybody, tells: "referral.diverted" },
  {
    name: "stand-down",
    from: ["diverted"],
    to: ["triage"],
    by: ["safeguarding"],
    event: "referral.stood_down",
    tells: "referral.triage",
  },
  { name: "close", from: ["diverted"], to: ["closed"], by: ["safeguarding"], tells: "referral.closed" },
  {
    name: "reroute",
    from: ["triage"],
    to: ["offered"],
    by: ["triage"],
    event: "referral.rerouted",
    tells: "referral.offered",
  },
  { name: "close", from: ["triage"], to: ["closed"], by: ["triage"], tells: "referral.closed" },
  { name: "claim", from: ["offered"], to: ["claimed"], by: ["advisor"], tells: "referral.claimed" },
  { name: "escalate", from: ["offered"], to: ["offered"], by: ["timer"], event: "referral.escalated" },
  {
    name: "reroute",
    from: ["offered"],
    to: ["offered"],
    by: ["lead"],
    event: "referral.rerouted",
    tells: "referral.offered",
    replyInFlight: "refuses",
  },
  {
    name: "exhaust",
    from: ["offered"],
    to: ["triage"],
    by: ["timer", "register"],
    event: "referral.escalation_exhausted",
    tells: "referral.triage",
  },
  {
    name: "decline",
    from: ["offered"],
    to: ["triage", "offered"],
    by: ["advisor", "lead"],
    event: "referral.declined",
  },
  {
    name: "decline",
    from: ["claimed"],
    to: ["triage", "offered"],
    by: ["owner", "lead"],
    event: "referral.declined",
    replyInFlight: "refuses",
  },
  {
    name: "release",
    from: held,
    to: ["offered"],
    by: ["owner", "lead"],
    event: "referral.released",
    tells: "referral.offered",
    replyInFlight: "refuses",
  },
  {
    name: "owner-removed",
    from: held,
    to: ["offered"],
    by: ["register"],
    event: "referral.released",
    tells: "referral.offered",
  },
  {
    name: "lapse",
    from: ["claimed"],
    to: ["offered"],
    by: ["timer"],
    event: "referral.lapsed",
    tells: "referral.offered",
    replyInFlight: "refuses",
  },
  {
    name: "transfer",
    from: held,
    to: ["claimed"],
    by: ["owner", "lead"],
    event: "referral.transferred",
    replyInFlight: "refuses",
  },
  {
    name: "question-delivered",
    from: ["claimed"],
    to: ["waiting_member"],
    by: ["delivery"],
    event: "referral.asked",
  },
  {
    name: "send-for-clearance",
    from: ["claimed"],
    to: ["waiting_clearance"],
    by: ["owner"],
    event: "referral.clearance_asked",
    replyInFlight: "refuses",
  },
  {
    name: "member-answer",
    from: ["waiting_member"],
    to: ["claimed"],
    by: ["member", "moderator"],
    event: "referral.answered",
  },
  {
    name: "review",
    from: ["waiting_clearance"],
    to: ["claimed"],
    by: ["clearer"],
    event: "referral.reviewed",
  },
  { name: "recall", from: ["waiting_clearance"], to: ["claimed"], by: ["owner"], event: "referral.recalled" },
  {
    name: "reassign-clearance",
    from: ["waiting_clearance"],
    to: ["waiting_clearance"],
    by: ["owner", "lead"],
    event: "referral.clearance_reassigned",
  },
  { name: "reply-delivered", from: ["claimed"], to: ["replied"], by: ["delivery"] },
  {
    name: "add-reply",
    from: ["replied"],
    to: ["claimed"],
    by: ["owner", "lead"],
    event: "referral.added_to",
  },
  {
    name: "follow-up",
    from: ["replied"],
    to: ["claimed"],
    by: ["member", "moderator"],
    event: "referral.followed_up",
  },
  {
    name: "not-helped",
    from: ["replied"],
    to: ["claimed"],
    by: ["member", "moderator"],
    event: "referral.not_helped",
  },
  {
    name: "retract-only-reply",
    from: ["replied"],
    to: ["claimed"],
    by: ["owner", "last-owner", "lead"],
    event: "referral.retracted",
    tells: "referral.retracted",
  },
  {
    name: "resolve",
    from: ["replied"],
    to: ["resolved"],
    by: ["member", "moderator", "owner", "lead"],
    tells: "referral.resolved",
  },
  { name: "confirmation-lapse", from: ["replied"], to: ["closed"], by: ["timer"], tells: "referral.closed" },
  {
    name: "close",
    from: ["claimed", "waiting_member", "waiting_clearance"],
    to: ["closed"],
    by: ["owner"],
    tells: "referral.closed",
    replyInFlight: "refuses",
  },
  { name: "member-lapse", from: ["waiting_member"], to: ["closed"], by: ["timer"], tells: "referral.closed" },
  { name: "close", from: ["offered"], to: ["closed"], by: ["lead", "triage"], tells: "referral.closed" },
  {
    name: "late-feedback",
    from: ["closed"],
    to: ["resolved"],
    by: ["member", "moderator"],
    tells: "referral.resolved",
  },
  {
    name: "reopen",
    from: ["resolved", "closed"],
    to: ["claimed", "offered", "triage"],
    by: ["member", "moderator"],
    event: "referral.reopened",
    tells: "referral.reopened",
  },
  {
    name: "withdraw",
    from: open,
    to: ["withdrawn"],
    by: ["moderator", "member", "operator", "register"],
    tells: "referral.withdrawn",
    replyInFlight: "is-cancelled",
  },
  {
    name: "merge",
    from: mergeable,
    to: ["merged"],
    by: ["triage", "lead"],
    tells: "referral.merged",
    replyInFlight: "refuses",
  },
  { name: "split", from: ["merged"], to: mergeable, by: ["triage", "lead"], event: "referral.split" },
  {
    name: "pool-closed",
    from: ["offered", ...held],
    to: ["offered", "triage"],
    by: ["register"],
    event: "referral.rerouted",
  },
];

/** Events that change no state: which verbs record something, in which states, and by whom. */
export const records: readonly { name: string; in: readonly State[]; by: readonly Role[]; event: string }[] =
  [
    {
      name: "note",
      in: states,
      by: ["advisor", "owner", "lead", "clearer", "triage", "safeguarding"],
      event: "referral.noted",
    },
    { name: "acknowledge", in: ["diverted"], by: ["safeguarding"], event: "referral.acknowledged" },
    { name: "ask", in: ["claimed"], by: ["owner"], event: "question.queued" },
    { name: "draft", in: ["claimed"], by: ["owner"], event: "reply.drafted" },
    {
      name: "draft-correction",
      in: ["claimed", "replied", "resolved", "closed"],
      by: ["owner", "last-owner", "lead"],
      event: "reply.drafted",
    },
    {
      name: "review-correction",
      in: ["claimed", "replied", "resolved", "closed"],
      by: ["clearer"],
      event: "reply.reviewed",
    },
    { name: "reply", in: ["claimed"], by: ["owner", "lead"], event: "reply.queued" },
    {
      name: "correct",
      in: ["claimed", "replied", "resolved", "closed"],
      by: ["owner", "last-owner", "lead"],
      event: "reply.correction_queued",
    },
    {
      name: "retract",
      in: ["claimed", "replied", "resolved", "closed"],
      by: ["owner", "last-owner", "lead"],
      event: "reply.retracted",
    },
    {
      name: "feedback",
      in: ["replied", "resolved", "closed"],
      by: ["member", "moderator"],
      event: "referral.feedback",
    },
  ];

/** The clock that runs in a state, and who owns the next action. */
export const ownership: Readonly<Record<State, { owner: string; clock: string | null }>> = {
  awaiting_consent: { owner: "member", clock: "consent" },
  diverted: { owner: "safeguarding", clock: "acknowledge" },
  triage: { owner: "triage", clock: "triage" },
  offered: { owner: "pool", clock: "claim" },
  claimed: { owner: "advisor", clock: "first-reply" },
  waiting_member: { owner: "member", clock: "member-lapse" },
  waiting_clearance: { owner: "clearer", clock: "first-reply" },
  replied: { owner: "moderator", clock: "confirmation" },
  resolved: { owner: "nobody", clock: "reopen" },
  closed: { owner: "nobody", clock: "reopen" },
  withdrawn: { owner: "nobody", clock: null },
  merged: { owner: "other-referral", clock: null },
};

/** What the table says of a step: the row that allows it, or why none does. */
export type Verdict = { ok: true; row: Transition } | { ok: false; because: "state" | "role" };

/**
 * Looks a step up in the table by its name, where the referral stands (null: not born), where it would go and the
 * roles its actor holds. A state that the name never leaves is `state`; a listed step by somebody else is `role`.
 */
export function findTransition(
  name: string,
  from: State | null,
  to: State,
  held: ReadonlySet<Role>,
): Verdict {
  const rows = transitions.filter(
    (row) =>
      row.name === name &&
      row.to.includes(to) &&
      (from === null ? row.from.length === 0 : row.from.includes(from)),
  );
  if (rows.length === 0) return { ok: false, because: "state" };
  const row = rows.find((candidate) => candidate.by.some((role) => held.has(role)));
  return row ? { ok: true, row } : { ok: false, because: "role" };
}

/** Checks the table itself; run when the process starts. Returns its mistakes, none when it is sound. */
export function checkTransitions(table: readonly Transition[] = transitions): string[] {
  const mistakes: string[] = [];
  const seen = new Set<string>();
  for (const row of table) {
    if (row.by.length === 0) mistakes.push(`${row.name}: nobody may take it`);
    for (const from of row.from.length === 0 ? [null] : row.from) {
      for (const to of row.to) {
        for (const role of row.by) {
          const key = `${row.name} ${from} ${to} ${role}`;
          if (seen.has(key)) mistakes.push(`${key}: listed twice`);
          seen.add(key);
        }
        if (to === "claimed" && row.by.includes("timer")) mistakes.push(`${row.name}: a timer never claims`);
        if (to === "resolved" && row.by.includes("timer"))
          mistakes.push(`${row.name}: a timer never says it helped`);
      }
    }
  }
  for (const state of states) {
    if (!table.some((row) => row.to.includes(state))) mistakes.push(`${state}: no way in`);
    const final = state === "withdrawn";
    if (!final && !table.some((row) => row.from.includes(state))) mistakes.push(`${state}: no way out`);
  }
  return mistakes;
}
