import { record } from "../step.ts";
import { takeTimer } from "../store/records.ts";
import { defineVerb, Empty } from "../verb.ts";

/** Says that safeguarding has seen a diverted referral, which stops its clock. */
export const acknowledgeReferral = defineVerb({
  name: "acknowledge",
  body: Empty,
  async act(turn) {
    const { tx, referral, now } = turn;
    await record(turn, "acknowledge", {
      set: { acknowledgedAt: referral.acknowledgedAt ?? now, dueAt: null, clock: null },
    });
    await takeTimer(tx, referral.id, "acknowledge", new Date(8.64e15));
  },
});
