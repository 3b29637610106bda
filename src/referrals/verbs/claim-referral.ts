import { hasAcknowledged } from "../../access/index.ts";
import { DomainError } from "../../contract/errors.ts";
import { claimAtOnce } from "../claim-at-once.ts";
import { step } from "../step.ts";
import { defineVerb, Empty } from "../verb.ts";

/** Gives the referral to exactly one advisor of its pool. The update that wins is one statement; the others learn who won. */
export const claimReferral = defineVerb({
  name: "claim",
  body: Empty,
  races: true,
  atOnce: claimAtOnce,
  async act(turn) {
    const { actor, referral, now } = turn;
    const id = actor.kind === "advisor" ? actor.id : null;
    if (referral.state === "offered" && id !== null && !(await hasAcknowledged(turn.tx, id))) {
      throw new DomainError("advisor/guidance-not-acknowledged");
    }
    const set = {
      ownerId: id,
      claimedAt: now,
      ...(referral.firstClaimedAt === null ? { firstClaimedAt: now } : {}),
    };
    await step(turn, "claim", "claimed", { set });
  },
});
