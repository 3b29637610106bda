import { z } from "zod";
import { reopen } from "../reopening.ts";
import { say } from "../texts.ts";
import { defineVerb, reason } from "../verb.ts";

/** Opens a finished referral again, inside its window; its clocks are kept. */
export const reopenReferral = defineVerb({
  name: "reopen",
  body: z.strictObject({ reason }),
  async act(turn, body) {
    await reopen(turn, { textId: await say(turn, "reason", body.reason) });
  },
});
