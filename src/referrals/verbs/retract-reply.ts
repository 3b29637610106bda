import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { cancelDelivery, deliveriesOf } from "../../delivery/index.ts";
import { isDelivered } from "../model.ts";
import { tellForum } from "../notices.ts";
import { requireReply } from "../replies.ts";
import { record, step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { say } from "../texts.ts";
import { defineVerb, handle, reason } from "../verb.ts";

/** Takes a reply back: one that stands on the forum is withdrawn there, one that has not left is cancelled. */
export const retractReply = defineVerb({
  name: "retract",
  body: z.strictObject({ reply: handle, reason }),
  async act(turn, body) {
    const { tx, now, referral } = turn;
    const reply = requireReply(turn, body.reply, ["delivered", "corrected", "queued", "failed"]);
    const textId = await say(turn, "reason", body.reason);
    const details = { textId, data: { replyId: reply.id } };
    if (!isDelivered(reply)) {
      const sending = (await deliveriesOf(tx, referral.id)).find(
        (delivery) =>
          delivery.notice === "referral.replied" &&
          (delivery.data as { replyId?: string }).replyId === reply.id,
      );
      if (sending && reply.state === "queued" && !(await cancelDelivery(tx, sending.id, now)))
        throw new DomainError("reply/in-flight");
      await record(turn, "retract", details);
      await changeReply(tx, reply.id, ["queued", "failed"], { state: "cancelled", withdrawnAt: now });
      return;
    }
    const others = turn.replies.some((other) => other.id !== reply.id && isDelivered(other));
    if (referral.state === "replied" && !others) {
      await step(turn, "retract-only-reply", "claimed", {
        ...details,
        set: { ownerId: referral.ownerId ?? reply.authorId },
        tell: { replyId: reply.id },
      });
    } else {
      await record(turn, "retract", details);
      await tellForum(turn, "referral.retracted", { replyId: reply.id });
    }
    await changeReply(tx, reply.id, ["delivered", "corrected"], { state: "withdrawn", withdrawnAt: now });
  },
});
