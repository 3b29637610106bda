import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { eraseInTurn } from "../erasing.ts";
import { maySay } from "../outcome.ts";
import { placeReferral } from "../placing.ts";
import { step } from "../step.ts";
import { contentOf } from "../texts.ts";
import { defineVerb } from "../verb.ts";

/** The member's yes or no. With a yes the clocks start and the referral is routed; with a no its content is erased at once. */
export const answerConsent = defineVerb({
  name: "consent",
  body: z.strictObject({ given: z.boolean(), saidBy: z.enum(["member", "moderator"]) }),
  async act(turn, { given, saidBy }) {
    if (!maySay(saidBy, turn.roles)) throw new DomainError("outcome/said-by-another");
    if (!given) {
      await step(turn, "consent-refused", "withdrawn", { set: { disposition: "withdrawn", result: "unknown", saidBy: "member" } });
      await eraseInTurn(turn, "consent-refused");
      return;
    }
    const placed = placeReferral(turn, contentOf(turn));
    await step(turn, "consent-given", placed.to, {
      set: { consentedAt: turn.now, poolSlug: placed.pool, routing: placed.routing },
      because: placed.routing.because,
      tells: placed.to === "offered" ? "referral.offered" : "referral.triage",
      as: "member",
    });
  },
});
