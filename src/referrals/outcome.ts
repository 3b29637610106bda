import {
  type Disposition,
  helpfulResults,
  type Result,
  type Role,
  type SaidBy,
  type State,
} from "../contract/vocabulary.ts";

/** Dispositions that say the department did something for the member. */
const acted = [
  "answered_in_public",
  "answered_privately",
  "case_taken_up",
  "signposted",
  "error_corrected",
] as const satisfies Disposition[];

/** What may be recorded when a referral is closed from a state, and by whom nobody else speaks. */
const closingDispositions: Partial<Record<State, readonly Disposition[]>> = {
  offered: ["expired_unanswered", "no_capacity"],
  triage: [
    "signposted",
    "declined_not_responsible",
    "declined_cannot_discuss_individual",
    "declined_policy_or_election",
    "no_capacity",
    "insufficient_information",
    "duplicate",
    "expired_unanswered",
  ],
  diverted: ["diverted_urgent", "case_taken_up", "answered_privately", "signposted"],
};

export const isHelpful = (result: string): boolean => (helpfulResults as readonly string[]).includes(result);

/**
 * Whether a referral may be resolved so: a disposition that says something was done, and a result other than
 * `unknown`. Gives the mistake as a sentence, or null.
 */
export function mistakeInResolution(disposition: Disposition | null, result: Result | null): string | null {
  if (!disposition) return "Say what the department did: a disposition is missing.";
  if (!result) return "Say what came of it for the member: a result is missing.";
  if (result === "unknown")
    return "Nothing is resolved with an unknown result; leave it, and it closes by itself.";
  if (result === "not_helped") return "What did not help goes back to the advisor instead of being resolved.";
  if (
    isHelpful(result) &&
    !(acted as readonly string[]).includes(disposition) &&
    disposition !== "rerouted_accepted"
  ) {
    return `The disposition ${disposition} does not go with help for the member.`;
  }
  return null;
}

/** Whether a referral may be closed so from this state. Gives the mistake as a sentence, or null. */
export function mistakeInClosing(state: State, disposition: Disposition, result: Result): string | null {
  const allowed = closingDispositions[state];
  if (allowed && !allowed.includes(disposition)) {
    return `From ${state} the disposition must be one of: ${allowed.join(", ")}.`;
  }
  if (isHelpful(result) && state !== "diverted")
    return "Closing does not claim help; resolve the referral instead.";
  if (disposition === "withdrawn") return "Withdraw the referral instead of closing it so.";
  return null;
}

/** Whether somebody with these roles may speak as `saidBy`: nobody's word is put in another's mouth. */
export function maySay(saidBy: SaidBy, held: ReadonlySet<Role>): boolean {
  if (saidBy === "nobody") return held.has("timer");
  if (saidBy === "advisor")
    return (
      held.has("owner") ||
      held.has("lead") ||
      held.has("advisor") ||
      held.has("triage") ||
      held.has("safeguarding")
    );
  return held.has(saidBy);
}

/** Who speaks when a closing or a resolution does not say: whoever makes it. */
export const speakerOf = (held: ReadonlySet<Role>): SaidBy => {
  if (held.has("timer")) return "nobody";
  if (held.has("member")) return "member";
  return held.has("moderator") ? "moderator" : "advisor";
};

/** The outcome of a referral that was taken back, with who took it back. */
export const takenBack = (saidBy: SaidBy) =>
  ({ disposition: "withdrawn", result: "unknown", saidBy }) as const;
