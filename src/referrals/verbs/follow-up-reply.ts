import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { tellPool } from "../notices.ts";
import { maySay } from "../outcome.ts";
import { reopen } from "../reopening.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, text } from "../verb.ts";

/** Takes what a member or moderator adds under a reply; the referral returns to its advisor, reopened if need be. */
export const followUpReply = defineVerb({
  name: "follow-up",
  body: z.strictObject({ text, saidBy: z.enum(["member", "moderator"]) }),
  async act(turn, body) {
    if (!maySay(body.saidBy, turn.roles)) throw new DomainError("outcome/said-by-another");
    const textId = await say(turn, "follow-up", body.text);
    const details = { textId, data: { saidBy: body.saidBy }, as: body.saidBy };
    if (turn.referral.state === "resolved" || turn.referral.state === "closed") await reopen(turn, details);
    else await step(turn, "follow-up", "claimed", details);
    // What became a new referral is told to whoever has that one.
    if (turn.referral.finishedAt === null) await tellPool(turn, "referral.followed_up", textId, body.saidBy);
  },
});
