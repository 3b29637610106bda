import { z } from "zod";
import { chooseClearer, requirePending } from "../replies.ts";
import { step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { defineVerb, handle } from "../verb.ts";

/** Names another clearer for a draft, because the first is away. */
export const reassignClearance = defineVerb({
  name: "reassign-clearance",
  body: z.strictObject({ draft: handle, clearer: handle }),
  async act(turn, body) {
    const draft = requirePending(turn, body.draft);
    const clearerId = chooseClearer(turn, draft.authorId, body.clearer);
    await changeReply(turn.tx, draft.id, ["draft"], { clearerId });
    await step(turn, "reassign-clearance", "waiting_clearance", {
      data: { draft: draft.id, clearer: clearerId },
    });
  },
});
