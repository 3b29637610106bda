import { z } from "zod";
import { requirePending } from "../replies.ts";
import { step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { defineVerb, handle } from "../verb.ts";

/** Takes a draft back from its clearer, who may not approve it any more. */
export const recallDraft = defineVerb({
  name: "recall",
  body: z.strictObject({ draft: handle }),
  async act(turn, body) {
    const draft = requirePending(turn, body.draft);
    await changeReply(turn.tx, draft.id, ["draft"], { clearerId: null });
    await step(turn, "recall", "claimed", { data: { draft: draft.id } });
  },
});
