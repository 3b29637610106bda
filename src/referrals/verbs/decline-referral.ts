import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { DeclineReason } from "../../contract/vocabulary.ts";
import { whyNot } from "../placing.ts";
import { step } from "../step.ts";
import { say } from "../texts.ts";
import { defineVerb, handle, text } from "../verb.ts";

/** Says “not us”: to the likely owner where one is named that has not had it and may, else to triage. Never a dead end. */
export const declineReferral = defineVerb({
  name: "decline",
  body: z.strictObject({ reason: DeclineReason, likelyOwner: handle.optional(), note: text.optional() }),
  async act(turn, { reason, likelyOwner, note }) {
    const { referral, register, now } = turn;
    if (likelyOwner !== undefined && !register.pools.has(likelyOwner)) {
      throw new DomainError("pool/not-found", { detail: `There is no pool ${likelyOwner}.` });
    }
    const triedPools = [
      ...new Set([...referral.triedPools, ...(referral.poolSlug ? [referral.poolSlug] : [])]),
    ];
    const takes =
      likelyOwner !== undefined &&
      !triedPools.includes(likelyOwner) &&
      whyNot(register, referral.forumSlug, likelyOwner, now) === null;
    const textId = note === undefined ? {} : { textId: await say(turn, "note", note) };
    const data = { reason, likelyOwner: likelyOwner ?? null };
    if (takes) {
      const set = { poolSlug: likelyOwner, triedPools, escalation: 0 };
      await step(turn, "decline", "offered", { set, data, ...textId, tells: "referral.offered" });
      return;
    }
    await step(turn, "decline", "triage", { set: { triedPools }, data, ...textId, tells: "referral.triage" });
  },
});
