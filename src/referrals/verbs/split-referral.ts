import { DomainError } from "../../contract/errors.ts";
import { stateAfterMerge } from "../origins.ts";
import { step } from "../step.ts";
import { findEndOfMerges } from "../store/referrals.ts";
import { keyOf } from "../texts.ts";
import { isOpen } from "../transitions.ts";
import { defineVerb, Empty } from "../verb.ts";

/** Undoes a merge while the other referral is not finished: back to where it was, or to triage without a pool. */
export const splitReferral = defineVerb({
  name: "split",
  body: Empty,
  async act(turn) {
    const { tx, referral } = turn;
    keyOf(turn);
    const other = referral.mergedIntoId === null ? null : await findEndOfMerges(tx, referral.mergedIntoId);
    if (referral.state === "merged" && other && !isOpen(other.state)) {
      throw new DomainError("referral/not-possible", {
        detail: "The other referral is finished.",
        fields: { state: "merged" },
      });
    }
    await step(turn, "split", stateAfterMerge(referral));
  },
});
