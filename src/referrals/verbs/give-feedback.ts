import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { Result } from "../../contract/vocabulary.ts";
import { isHelpful, maySay } from "../outcome.ts";
import { isReopenable } from "../reopening.ts";
import { record, step } from "../step.ts";
import { defineVerb } from "../verb.ts";

/** Takes the member's or moderator's word on whether it helped. It is added beside the advisor's word, never instead. */
export const giveFeedback = defineVerb({
  name: "feedback",
  body: z.strictObject({ result: Result, saidBy: z.enum(["member", "moderator"]) }),
  async act(turn, { result, saidBy }) {
    const { referral, roles, now } = turn;
    if (!maySay(saidBy, roles)) throw new DomainError("outcome/said-by-another");
    const late = referral.state !== "replied" && !isReopenable(turn);
    const said = { result, saidBy, at: now.toISOString(), ...(late ? { late } : {}) };
    const feedback = [...referral.feedback, said];
    const details = { as: saidBy, data: { result, saidBy, ...(late ? { late } : {}) } } as const;
    const outcome = { disposition: referral.proposedDisposition, result, saidBy, feedback };
    if (referral.state === "replied" && isHelpful(result)) {
      await step(turn, "resolve", "resolved", { ...details, set: outcome });
    } else if (referral.state === "replied" && result === "not_helped") {
      await step(turn, "not-helped", "claimed", { ...details, set: { feedback } });
    } else if (
      referral.state === "closed" &&
      referral.result === "unknown" &&
      referral.firstRepliedAt &&
      !late &&
      isHelpful(result)
    ) {
      await step(turn, "late-feedback", "resolved", { ...details, set: outcome });
    } else {
      await record(turn, "feedback", { ...details, set: { feedback } });
    }
  },
});
