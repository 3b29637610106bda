import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { passOnReply } from "../replies.ts";
import { scopesOf } from "../roles.ts";
import { chainOf, step } from "../step.ts";
import { findReferral } from "../store/referrals.ts";
import { defineVerb, handle } from "../verb.ts";

/**
 * Joins a referral to another that asks the same. It keeps its own reference, consent and clock, and gets the
 * reply, also one that the other has already.
 */
export const mergeReferral = defineVerb({
  name: "merge",
  body: z.strictObject({ into: handle }),
  async act(turn, { into }) {
    const { tx, referral, register, roles, actor } = turn;
    // Held until this is done: neither may it end meanwhile, nor be merged the other way round.
    const other = await findReferral(tx, into, null, true);
    if (!other || other.id === referral.id) throw new DomainError("referral/not-found");
    const leadsOnly = !roles.has("triage");
    if (leadsOnly && chainOf(register, other.poolSlug) !== chainOf(register, referral.poolSlug)) {
      const isSeen = await findReferral(tx, into, scopesOf(actor, register), false);
      if (!isSeen) throw new DomainError("referral/not-found");
      throw new DomainError("access/forbidden", {
        detail: "A lead merges within one department; triage merges across them.",
      });
    }
    if (["awaiting_consent", "diverted", "merged", "withdrawn", "closed", "resolved"].includes(other.state)) {
      throw new DomainError("referral/not-possible", {
        detail: `The other referral is ${other.state}.`,
        fields: { state: other.state },
      });
    }
    const set = { mergedIntoId: other.id, stateBeforeMerge: referral.state };
    await step(turn, "merge", "merged", {
      set,
      data: { into: other.reference },
      tell: { mergedInto: other.reference },
    });
    await passOnReply(turn, other);
  },
});
