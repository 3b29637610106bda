import { z } from "zod";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, reason } from "../verb.ts";

/** Puts a claimed referral back before its pool; drafts go along. */
export const releaseReferral = defineVerb({
  name: "release",
  body: z.strictObject({ reason: reason.optional() }),
  async act(turn, body) {
    const textId = body.reason === undefined ? undefined : await say(turn, "reason", body.reason);
    await step(turn, "release", "offered", textId === undefined ? {} : { textId });
  },
});
