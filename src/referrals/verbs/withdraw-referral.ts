import { z } from "zod";
import { cancelDelivery, deliveriesOf } from "../../delivery/index.ts";
import { leaveMerge } from "../origins.ts";
import { takenBack } from "../outcome.ts";
import { step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { say } from "../texts.ts";
import type { Turn } from "../turn.ts";
import { defineVerb, reason } from "../verb.ts";

/** Cancels what has not left yet. A reply that a worker has in hand is marked when its fate is known. */
export async function cancelUnsent(turn: Turn): Promise<void> {
  const waiting = (await deliveriesOf(turn.tx, turn.referral.id)).filter((delivery) =>
    ["referral.replied", "referral.question", "referral.corrected"].includes(delivery.notice),
  );
  for (const delivery of waiting) {
    if (!(await cancelDelivery(turn.tx, delivery.id, turn.now))) continue;
    const { replyId } = delivery.data as { replyId?: string };
    if (replyId && delivery.notice === "referral.replied")
      await changeReply(turn.tx, replyId, ["queued", "failed"], { state: "cancelled" });
  }
  for (const reply of turn.replies) {
    const sent = waiting.some((delivery) => (delivery.data as { replyId?: string }).replyId === reply.id);
    if (!sent) await changeReply(turn.tx, reply.id, ["queued"], { state: "cancelled" });
  }
}

/** Consent is a member's own: a referral that was merged into another is taken back like any other. */
export async function leaveBeforeWithdrawal(turn: Turn): Promise<void> {
  if (turn.referral.state === "merged") await leaveMerge(turn);
}

/** Takes a referral back, for the moderator, the member, the operator or a forum that leaves. */
export const withdrawReferral = defineVerb({
  name: "withdraw",
  body: z.strictObject({ reason: reason.optional() }),
  async act(turn, body) {
    const textId = body.reason === undefined ? {} : { textId: await say(turn, "reason", body.reason) };
    await leaveBeforeWithdrawal(turn);
    await step(turn, "withdraw", "withdrawn", {
      ...textId,
      set: takenBack("nobody"),
    });
    await cancelUnsent(turn);
    turn.found = null;
  },
});
