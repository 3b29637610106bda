import { z } from "zod";
import { tellPool } from "../notices.ts";
import { record } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, text } from "../verb.ts";

/** Adds an internal note. It never leaves the pool, triage and safeguarding. */
export const noteReferral = defineVerb({
  name: "note",
  body: z.strictObject({ text }),
  async act(turn, body) {
    const textId = await say(turn, "note", body.text);
    // Who would be called has read it already, and wrote it.
    if (turn.roles.has("safeguarding")) turn.found = null;
    await record(turn, "note", { textId });
    await tellPool(turn, "referral.noted", textId, "colleague");
  },
});
