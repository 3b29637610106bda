import { z } from "zod";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, reason } from "../verb.ts";

/** Takes a referral out of the queue and to the safeguarding lead; the pool's copy is blanked. */
export const divertReferral = defineVerb({
  name: "divert",
  body: z.strictObject({ reason }),
  async act(turn, body) {
    const textId = await say(turn, "reason", body.reason);
    await step(turn, "divert", "diverted", { textId });
  },
});
