import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { whyNot } from "../placing.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, handle, reason } from "../verb.ts";

/**
 * Sends a referral to a pool that a coordinator or a lead chose; the reason stays inside. Refuses a pool that is closed,
 * and one whose department the forum agreed nothing with.
 */
export const rerouteReferral = defineVerb({
  name: "reroute",
  body: z.strictObject({ pool: handle, because: reason }),
  async act(turn, { pool, because }) {
    const { referral, register, now } = turn;
    if (!register.pools.has(pool))
      throw new DomainError("pool/not-found", { detail: `There is no pool ${pool}.` });
    const reason = whyNot(register, referral.forumSlug, pool, now);
    if (reason === "not-agreed") {
      throw new DomainError("forum/no-intervention", {
        detail: `The forum has agreed no referrals with the department of pool ${pool}.`,
      });
    }
    if (reason !== null) {
      throw new DomainError("pool/not-found", { detail: `Pool ${pool} is closed or has no advisor.` });
    }
    const left = referral.poolSlug !== null && referral.poolSlug !== pool ? [referral.poolSlug] : [];
    const set = {
      poolSlug: pool,
      escalation: 0,
      triedPools: [...new Set([...referral.triedPools, ...left])],
    };
    const textId = await say(turn, "reason", because);
    await step(turn, "reroute", "offered", { set, textId, data: { from: referral.poolSlug, to: pool } });
  },
});
