import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { Disposition, Insight, Result, SaidBy } from "../../contract/vocabulary.ts";
import { maySay, mistakeInResolution, speakerOf } from "../outcome.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, text } from "../verb.ts";

const body = z.strictObject({
  disposition: Disposition.optional(),
  result: Result.optional(),
  saidBy: SaidBy.optional(),
  insight: Insight.optional(),
  note: text.optional(),
});

/** Records the outcome of a replied referral: what the department did, what came of it, and who says so: whoever resolves, where it is not said. */
export const resolveReferral = defineVerb<z.infer<typeof body>>({
  name: "resolve",
  body,
  async act(turn, { disposition, result, insight, note, ...said }) {
    const { referral, roles, now } = turn;
    const saidBy = said.saidBy ?? speakerOf(roles);
    if (!maySay(saidBy, roles) || saidBy === "nobody") throw new DomainError("outcome/said-by-another");
    const done = disposition ?? (referral.proposedDisposition as Disposition | null);
    const mistake = referral.state === "replied" ? mistakeInResolution(done, result ?? null) : null;
    if (mistake) throw new DomainError("outcome/incomplete", { detail: mistake });
    const textId = note === undefined ? {} : { textId: await say(turn, "note", note) };
    const feedback = { result: result ?? "unknown", saidBy, at: now.toISOString() };
    const set = {
      disposition: done,
      result: feedback.result,
      saidBy,
      insight: insight ?? null,
      feedback: [...referral.feedback, feedback],
    };
    const as = saidBy === "advisor" ? {} : { as: saidBy };
    await step(turn, "resolve", "resolved", {
      set,
      ...textId,
      ...as,
      data: { disposition: done, result: feedback.result, saidBy },
    });
  },
});
