import { z } from "zod";
import { lengths } from "../../contract/bodies.ts";
import { DomainError } from "../../contract/errors.ts";
import { Disposition, Result } from "../../contract/vocabulary.ts";
import { mistakeInClosing, speakerOf } from "../outcome.ts";
import { step } from "../step.ts";
import { keep, say } from "../texts.ts";
import { defineVerb, reason, text } from "../verb.ts";

const body = z.strictObject({
  disposition: Disposition,
  result: Result,
  because: reason.optional(),
  signpost: z.strictObject({ text, url: z.url({ protocol: /^https?$/ }).max(lengths.url) }).optional(),
  note: text.optional(),
});

/** Ends a referral without claiming help. `because` and `signpost` go to the forum; triage must point somewhere. */
export const closeReferral = defineVerb({
  name: "close",
  body,
  async act(turn, { disposition, result, because, signpost, note }) {
    const { referral, roles } = turn;
    const mistake = mistakeInClosing(referral.state, disposition, result);
    if (mistake) throw new DomainError("outcome/incomplete", { detail: mistake });
    if (referral.state === "triage" && !signpost) {
      throw new DomainError("outcome/incomplete", {
        detail: "Closing from triage needs a signpost: a text and an address.",
      });
    }
    if (referral.state === "offered" && !because) {
      throw new DomainError("outcome/incomplete", {
        detail: "Tell the moderator why: `because` is missing.",
      });
    }
    const becauseId = because === undefined ? null : await keep(turn, "because", because);
    const signpostId = signpost === undefined ? null : await keep(turn, "signpost", JSON.stringify(signpost));
    const textId = note === undefined ? {} : { textId: await say(turn, "note", note) };
    const saidBy = speakerOf(roles);
    await step(turn, "close", "closed", {
      set: { disposition, result, saidBy },
      data: { disposition, result, saidBy },
      tell: { becauseId, signpostId },
      ...textId,
    });
  },
});
