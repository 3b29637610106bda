import {
  type ForumNotice,
  finishedStates,
  heldStates as held,
  type Role,
  type State,
  states,
} from "../contract/vocabulary.ts";

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
const births = ["offered", "triage", "diverted", "awaiting_consent"] as const;
const everybody = ["moderator", "member", "advisor", "owner", "lead", "clearer", "triage"] as const;

const step = (
  name: string,
  from: Transition["from"],
  to: Transition["to"],
  by: Transition["by"],
  more: Pick<Transition, "event" | "tells" | "replyInFlight"> = {},
): Transition => ({ name, from, to, by, ...more });

/** The whole life of a referral. Nothing else decides a state; what is not listed is refused. */
export const transitions: readonly Transition[] = [
  step("submit", [], births, ["moderator"]),
  step("consent-given", ["awaiting_consent"], ["offered", "triage", "diverted"], ["member"]),
  step("consent-refused", ["awaiting_consent"], ["withdrawn"], ["member", "timer"], {
    event: "referral.consent_refused",
    tells: "referral.withdrawn",
  }),
  step("divert", open, ["diverted"], ["moderator", "advisor", "owner", "lead", "triage"], {
    tells: "referral.diverted",
  }),
  step("wording-found", open, ["diverted"], everybody, { tells: "referral.diverted" }),
  step("stand-down", ["diverted"], ["triage"], ["safeguarding"], {
    event: "referral.stood_down",
    tells: "referral.triage",
  }),
  step("close", ["diverted"], ["closed"], ["safeguarding"], { tells: "referral.closed" }),
  step("reroute", ["triage"], ["offered"], ["triage"], {
    event: "referral.rerouted",
    tells: "referral.offered",
  }),
  step("close", ["triage"], ["closed"], ["triage"], { tells: "referral.closed" }),
  step("claim", ["offered"], ["claimed"], ["advisor"], { tells: "referral.claimed" }),
  step("escalate", ["offered"], ["offered"], ["timer"], { event: "referral.escalated" }),
  step("reroute", ["offered"], ["offered"], ["lead"], {
    event: "referral.rerouted",
    tells: "referral.offered",
    replyInFlight: "refuses",
  }),
  step("exhaust", ["offered"], ["triage"], ["timer", "register"], {
    event: "referral.escalation_exhausted",
    tells: "referral.triage",
  }),
  step("decline", ["offered"], ["triage", "offered"], ["advisor", "lead"], { event: "referral.declined" }),
  step("decline", ["claimed"], ["triage", "offered"], ["owner", "lead"], {
    event: "referral.declined",
    replyInFlight: "refuses",
  }),
  step("release", held, ["offered"], ["owner", "lead"], {
    event: "referral.released",
    tells: "referral.offered",
    replyInFlight: "refuses",
  }),
  step("owner-removed", held, ["offered"], ["register"], {
    event: "referral.released",
    tells: "referral.offered",
    replyInFlight: "refuses",
  }),
  step("lapse", ["claimed"], ["offered"], ["timer"], {
    event: "referral.lapsed",
    tells: "referral.offered",
    replyInFlight: "refuses",
  }),
  step("transfer", held, ["claimed"], ["owner", "lead"], {
    event: "referral.transferred",
    replyInFlight: "refuses",
  }),
  step("question-delivered", ["claimed"], ["waiting_member"], ["delivery"], { event: "referral.asked" }),
  step("send-for-clearance", ["claimed"], ["waiting_clearance"], ["owner"], {
    event: "referral.clearance_asked",
    replyInFlight: "refuses",
  }),
  step("member-answer", ["waiting_member"], ["claimed"], ["member", "moderator"], {
    event: "referral.answered",
  }),
  step("review", ["waiting_clearance"], ["claimed"], ["clearer"], { event: "referral.reviewed" }),
  step("recall", ["waiting_clearance"], ["claimed"], ["owner"], { event: "referral.recalled" }),
  step("reassign-clearance", ["waiting_clearance"], ["waiting_clearance"], ["owner", "lead"], {
    event: "referral.clearance_reassigned",
  }),
  step("reply-delivered", ["claimed"], ["replied"], ["delivery"]),
  step("add-reply", ["replied"], ["claimed"], ["owner", "lead"], { event: "referral.added_to" }),
  step("follow-up", ["replied"], ["claimed"], ["member", "moderator"], { event: "referral.followed_up" }),
  step("not-helped", ["replied"], ["claimed"], ["member", "moderator"], { event: "referral.not_helped" }),
  step("retract-only-reply", ["replied"], ["claimed"], ["owner", "last-owner", "lead"], {
    event: "referral.retracted",
    tells: "referral.retracted",
  }),
  step("resolve", ["replied"], ["resolved"], ["member", "moderator", "owner", "lead"], {
    tells: "referral.resolved",
  }),
  step("confirmation-lapse", ["replied"], ["closed"], ["timer"], { tells: "referral.closed" }),
  step("close", ["claimed", "waiting_member", "waiting_clearance"], ["closed"], ["owner"], {
    tells: "referral.closed",
    replyInFlight: "refuses",
  }),
  step("member-lapse", ["waiting_member"], ["closed"], ["timer"], { tells: "referral.closed" }),
  step("close", ["offered"], ["closed"], ["lead", "triage"], { tells: "referral.closed" }),
  step("late-feedback", ["closed"], ["resolved"], ["member", "moderator"], { tells: "referral.resolved" }),
  step("reopen", ["resolved", "closed"], ["claimed", "offered", "triage"], ["member", "moderator"], {
    event: "referral.reopened",
    tells: "referral.reopened",
  }),
  step("withdraw", open, ["withdrawn"], ["moderator", "member", "operator", "register"], {
    tells: "referral.withdrawn",
    replyInFlight: "is-cancelled",
  }),
  step("merge", mergeable, ["merged"], ["triage", "lead"], {
    tells: "referral.merged",
    replyInFlight: "refuses",
  }),
  step("split", ["merged"], mergeable, ["triage", "lead", "register"], { event: "referral.split" }),
  step("pool-closed", ["offered", ...held], ["offered", "triage"], ["register"], {
    event: "referral.rerouted",
    replyInFlight: "refuses",
  }),
];

/** One line of what is recorded beside the life cycle. */
export interface Recording {
  name: string;
  in: readonly State[];
  by: readonly Role[];
  event: string;
}

const kept = (name: string, where: readonly State[], by: readonly Role[], event: string): Recording => ({
  name,
  in: where,
  by,
  event,
});

const afterReply = ["claimed", "replied", "resolved", "closed"] as const;
const authors = ["owner", "last-owner", "lead"] as const;

/** Events that change no state: which verbs record something, in which states, and by whom. */
export const records: readonly Recording[] = [
  kept("note", states, ["advisor", "owner", "lead", "clearer", "triage", "safeguarding"], "referral.noted"),
  kept("acknowledge", ["diverted"], ["safeguarding"], "referral.acknowledged"),
  kept("ask", ["claimed"], ["owner"], "question.queued"),
  kept("draft", ["claimed"], ["owner"], "reply.drafted"),
  kept("draft-correction", afterReply, authors, "reply.drafted"),
  kept("review-correction", afterReply, ["clearer"], "reply.reviewed"),
  kept("reply", ["claimed"], ["owner", "lead"], "reply.queued"),
  kept("correct", afterReply, authors, "reply.correction_queued"),
  kept("retract", afterReply, authors, "reply.retracted"),
  kept("feedback", ["replied", "resolved", "closed"], ["member", "moderator"], "referral.feedback"),
];
