import { z } from "zod";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, reason } from "../verb.ts";

/** Ends a diversion as a false alarm: the referral goes to triage. */
export const standDownReferral = defineVerb({
  name: "stand-down",
  body: z.strictObject({ reason }),
  async act(turn, body) {
    const textId = await say(turn, "reason", body.reason);
    await step(turn, "stand-down", "triage", { textId });
    turn.found = null;
  },
});
