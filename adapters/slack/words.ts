/** The words that Slack shows for the codes of the domain. A code without words is shown with spaces. */
const stateWords: Record<string, string> = {
  awaiting_consent: "Waiting for the member's consent",
  diverted: "With safeguarding",
  triage: "With triage",
  offered: "Offered to this pool",
  claimed: "Claimed",
  waiting_member: "Waiting for the member's answer",
  waiting_clearance: "Waiting for clearance",
  replied: "Replied, waiting to hear whether it helped",
  resolved: "Resolved",
  closed: "Closed",
  withdrawn: "Withdrawn",
  merged: "Merged into another referral",
};

const clockWords: Record<string, string> = {
  claim: "Claim by",
  "first-reply": "First reply by",
  resolve: "Resolve by",
};

const eventWords: Record<string, string> = {
  "referral.reviewed": "The reply has been reviewed.",
  "referral.followed_up": "There is a follow-up to the reply:",
  "referral.noted": "A note for the pool:",
  "referral.answered": "The question has been answered:",
  "referral.overdue": "This is overdue.",
  "referral.escalated": "This has been escalated.",
  "post.edited": "The post was edited. It now says:",
  "post.deleted": "The post was deleted. Nothing is sent until somebody decides.",
  "reply.failed": "The forum could not take the reply. It has not been shown.",
  "question.failed": "The forum could not take the question. The member has not been asked.",
  "correction.failed": "The forum could not take the correction. It may show part of it.",
  "retraction.failed": "The forum could not be told to take the reply down. It may still show it.",
  "reply.held": "The forum has the reply, but does not show it yet.",
  "delivery.alarm": "Nothing has reached a destination for an hour. It is kept and tried again for days.",
  "reply.removed": "The forum removed the reply.",
};

const alertWords: Record<string, string> = {
  triage: "A referral needs triage",
  safeguarding: "A referral needs safeguarding now",
  lead: "For the leads of this pool",
};

export const worded = (code: string): string => {
  const words = code.replace(/^referral\./, "").replaceAll(/[-_.]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What a moderator is told comes next, by the state that a referral was born in. */
const nextWords: Record<string, string> = {
  offered: "an advisor claims it, and the answer comes into the thread of the message.",
  triage: "a coordinator finds the right pool for it.",
  diverted: "the safeguarding lead looks at it now. It is not shown to advisors.",
  awaiting_consent: "the member is asked in the thread of the message. Without a yes nothing is passed on.",
};

export const wordsOfNext = (state: string): string => nextWords[state] ?? wordsOfState(state);
export const wordsOfState = (state: string): string => stateWords[state] ?? worded(state);
export const wordsOfClock = (clock: string): string => clockWords[clock] ?? `${worded(clock)} by`;
export const wordsOfEvent = (event: string): string => eventWords[event] ?? `${worded(event)}.`;
export const wordsOfAlert = (alert: string): string => alertWords[alert] ?? `${worded(alert)}: please look`;

const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
/** A day given as YYYY-MM-DD, such as 4 December. */
export const wordsOfDay = (day: string): string => days.format(new Date(`${day}T00:00:00Z`));
