import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { step } from "../step.ts";
import { defineVerb, handle } from "../verb.ts";

/** Hands a referral to a named colleague of the same pool. */
export const transferReferral = defineVerb({
  name: "transfer",
  body: z.strictObject({ to: handle }),
  async act(turn, { to }) {
    const { referral, register, now } = turn;
    const colleague = register.advisors.get(to);
    if (!colleague || referral.poolSlug === null || !colleague.pools.includes(referral.poolSlug)) {
      throw new DomainError("advisor/not-found", { detail: `${to} is not an advisor of this pool.` });
    }
    const set = { ownerId: to, lastOwnerId: referral.ownerId, claimedAt: now };
    await step(turn, "transfer", "claimed", { set, data: { from: referral.ownerId, to } });
  },
});
