import { z } from "zod";
import { requireReply } from "../replies.ts";
import { step } from "../step.ts";
import { defineVerb, handle } from "../verb.ts";

/** Takes a draft back from its clearer. */
export const recallDraft = defineVerb({
  name: "recall",
  body: z.strictObject({ draft: handle }),
  async act(turn, body) {
    const draft = requireReply(turn, body.draft, ["draft"]);
    await step(turn, "recall", "claimed", { data: { draft: draft.id } });
  },
});
