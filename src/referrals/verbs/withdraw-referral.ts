import { z } from "zod";
import { eraseInTurn } from "../erasing.ts";
import { leaveMerge } from "../origins.ts";
import { takenBack } from "../outcome.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { cancelUnsent } from "../unsent.ts";
import { defineVerb, reason } from "../verb.ts";

/**
 * Takes a referral back, for the moderator, the member, the operator or a forum that leaves. One that was merged leaves the
 * merge first. Where the member had not agreed yet, its content is erased at once: nobody may keep it.
 */
export const withdrawReferral = defineVerb({
  name: "withdraw",
  body: z.strictObject({ reason: reason.optional() }),
  async act(turn, body) {
    const wasAsked = turn.referral.state === "awaiting_consent";
    const textId = body.reason === undefined ? {} : { textId: await say(turn, "reason", body.reason) };
    if (turn.referral.state === "merged") await leaveMerge(turn);
    await step(turn, "withdraw", "withdrawn", {
      ...textId,
      set: takenBack("nobody"),
    });
    await cancelUnsent(turn);
    const by = (["moderator", "member", "operator"] as const).find((role) => turn.roles.has(role));
    if (wasAsked) await eraseInTurn(turn, "consent-refused", by);
    turn.found = null;
  },
});
