import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { cancelSending, retractCopies } from "../copies.ts";
import { isDelivered } from "../model.ts";
import { tellForum } from "../notices.ts";
import { requireReply } from "../replies.ts";
import { record, step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { say } from "../texts.ts";
import { defineVerb, handle, reason } from "../verb.ts";

/**
 * Takes a reply back: one that stands on the forum is withdrawn there, one that has not left is cancelled. The same for what
 * was merged into this referral.
 */
export const retractReply = defineVerb({
  name: "retract",
  body: z.strictObject({ reply: handle, reason }),
  async act(turn, body) {
    const { tx, now, referral } = turn;
    const reply = requireReply(turn, body.reply, ["delivered", "corrected", "queued", "failed"]);
    const textId = await say(turn, "reason", body.reason);
    const details = { textId, data: { replyId: reply.id } };
    if (!isDelivered(reply)) {
      if (reply.state === "queued" && !(await cancelSending(turn, reply.id)))
        throw new DomainError("reply/in-flight");
      await record(turn, "retract", details);
      await changeReply(tx, reply.id, ["queued", "failed"], { state: "cancelled", withdrawnAt: now });
      await retractCopies(turn, reply.id);
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
    await retractCopies(turn, reply.id);
  },
});
