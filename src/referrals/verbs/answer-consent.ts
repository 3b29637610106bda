import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import type { Language, Nation, Urgency } from "../../contract/vocabulary.ts";
import { eraseInTurn } from "../erasing.ts";
import { maySay, takenBack } from "../outcome.ts";
import { type Placement, place } from "../placing.ts";
import { step } from "../step.ts";
import { contentOf, keyOf } from "../texts.ts";
import type { Turn } from "../turn.ts";
import { defineVerb } from "../verb.ts";

function placeAgain(turn: Turn): Placement {
  keyOf(turn);
  const { referral, register, now } = turn;
  const content = contentOf(turn);
  const { board, clinic, flags } = referral.routing.inputs as {
    board?: string | null;
    clinic?: string | null;
    flags?: string[];
  };
  return place(
    register,
    {
      forum: referral.forumSlug,
      title: content?.title ?? null,
      excerpt: content?.excerpt ?? "",
      language: referral.language as Language,
      urgency: referral.urgency as Urgency,
      board: board ?? null,
      topic: referral.topicGuessed ? null : referral.topic,
      nation: referral.nation as Nation | null,
      area: content?.area ?? null,
      audience: referral.audience,
      clinic: clinic ?? null,
      flags: flags ?? [],
      triedPools: referral.triedPools,
    },
    now,
  );
}

/** The member's yes or no. With a yes the clocks start and the referral is routed; with a no its content is erased at once. */
export const answerConsent = defineVerb({
  name: "consent",
  body: z.strictObject({ given: z.boolean(), saidBy: z.enum(["member", "moderator"]) }),
  async act(turn, { given, saidBy }) {
    if (!maySay(saidBy, turn.roles)) throw new DomainError("outcome/said-by-another");
    if (!given) {
      const set = takenBack("member");
      await step(turn, "consent-refused", "withdrawn", { set, as: "member" });
      await eraseInTurn(turn, "consent-refused");
      return;
    }
    const { to, pool, routing, topic, guessed } = placeAgain(turn);
    await step(turn, "consent-given", to, {
      set: { consentedAt: turn.now, poolSlug: pool, routing, topic, topicGuessed: guessed },
      because: routing.because,
      tells: `referral.${to}`,
      as: "member",
    });
  },
});
