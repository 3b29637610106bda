import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { confirmQuestion } from "../confirming.ts";
import { tellPool } from "../notices.ts";
import { maySay } from "../outcome.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, text } from "../verb.ts";

/** Takes the member's answer to a question; the referral goes back to its owner. */
export const answerQuestion = defineVerb({
  name: "member-answer",
  body: z.strictObject({ text, saidBy: z.enum(["member", "moderator"]) }),
  async act(turn, body) {
    if (!maySay(body.saidBy, turn.roles)) throw new DomainError("outcome/said-by-another");
    // An answer proves that the question was shown, though no word of that came or it came while a draft was being cleared.
    await confirmQuestion(turn);
    const textId = await say(turn, "answer", body.text);
    await step(turn, "member-answer", "claimed", { textId, data: { saidBy: body.saidBy }, as: body.saidBy });
    await tellPool(turn, "referral.answered", textId, body.saidBy);
  },
});
