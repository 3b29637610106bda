import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { correctCopies } from "../copies.ts";
import { tellForum } from "../notices.ts";
import { needsClearance, queueApproved, requireReply } from "../replies.ts";
import { record } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { keep, keyOf } from "../texts.ts";
import { defineVerb, handle, replyText } from "../verb.ts";

const body = z.union([
  z.strictObject({ reply: handle, text: replyText }),
  z.strictObject({ reply: handle, draft: handle }),
]);

/**
 * Sends a corrected text for a delivered reply, also to what was merged into this referral. The code stays; the verify page
 * says that it was corrected.
 */
export const correctReply = defineVerb({
  name: "correct",
  body,
  answers: 202,
  async act(turn, typed) {
    const reply = requireReply(turn, typed.reply, ["delivered", "corrected"]);
    if (!("draft" in typed) && needsClearance(turn)) throw new DomainError("reply/clearance-needed");
    let text = "text" in typed ? typed.text : "";
    if ("draft" in typed) {
      const draft = await queueApproved(turn, typed.draft);
      text = draft.body ? keyOf(turn).open(draft.body) : "";
      await changeReply(turn.tx, draft.id, ["queued"], { state: "cancelled", corrects: reply.id });
    }
    const textId = await keep(turn, "correction", text);
    await record(turn, "correct", { textId, data: { replyId: reply.id } });
    const delivery = await tellForum(turn, "referral.corrected", { replyId: reply.id, textId });
    await correctCopies(turn, reply.id, text);
    turn.awaited = { id: delivery ?? textId, state: delivery ? "waiting" : "to-collect" };
  },
});
