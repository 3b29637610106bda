import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { Disposition, Language } from "../../contract/vocabulary.ts";
import { createReply, needsClearance, queueApproved, sendReply } from "../replies.ts";
import { step } from "../step.ts";
import { keyOf } from "../texts.ts";
import { defineVerb, handle, replyText } from "../verb.ts";

const body = z.union([
  z.strictObject({ text: replyText, language: Language.optional(), disposition: Disposition.optional() }),
  z.strictObject({ draft: handle }),
]);

/**
 * Sends the owner's reply to the forum: a text, or the approved draft where the pool clears every reply. One at a time;
 * the referral is `replied` when the forum has it. From `replied` it is taken up again first.
 */
export const replyReferral = defineVerb({
  name: "reply",
  body,
  answers: 202,
  async act(turn, typed) {
    if (turn.replies.some((reply) => reply.state === "queued")) throw new DomainError("reply/in-flight");
    if (turn.referral.state === "replied") await step(turn, "add-reply", "claimed", {});
    if ("draft" in typed) {
      const draft = await queueApproved(turn, typed.draft);
      const text = draft.body ? keyOf(turn).open(draft.body) : "";
      await sendReply(turn, {
        id: draft.id,
        text,
        language: draft.language,
        disposition: draft.disposition ?? undefined,
      });
      return;
    }
    if (needsClearance(turn)) throw new DomainError("reply/clearance-needed");
    await sendReply(turn, { ...typed, id: await createReply(turn, { ...typed, state: "queued" }) });
  },
});
