import { z } from "zod";
import { chooseClearer, createReply, needsClearance } from "../replies.ts";
import { record, step } from "../step.ts";
import { defineVerb, handle, replyText } from "../verb.ts";

/** Keeps a draft; with a clearer, or where the pool clears every reply, sends it to be cleared. Its clock runs on. */
export const draftReply = defineVerb({
  name: "draft",
  body: z.strictObject({ text: replyText, clearer: handle.optional() }),
  async act(turn, { text, clearer }) {
    const author = turn.actor.kind === "advisor" ? turn.actor.id : "";
    const cleared = clearer !== undefined || needsClearance(turn);
    const chosen = cleared ? { clearerId: chooseClearer(turn, author, clearer) } : {};
    const correction = turn.referral.state !== "claimed";
    const draft = await createReply(turn, { text, state: "draft", ...chosen });
    const data = { draft, clearer: chosen.clearerId ?? null };
    if (correction) await record(turn, "draft-correction", { data });
    else if (cleared) await step(turn, "send-for-clearance", "waiting_clearance", { data });
    else await record(turn, "draft", { data });
  },
});
