import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { tellPool } from "../notices.ts";
import { requirePending } from "../replies.ts";
import { record, step } from "../step.ts";
import { changeReply } from "../store/records.ts";
import { say } from "../texts.ts";
import { defineVerb, handle, text } from "../verb.ts";

/** The clearer's word on a draft: approve it as it stands, or return it. Nobody clears their own. */
export const reviewDraft = defineVerb({
  name: "review",
  body: z.strictObject({ draft: handle, decision: z.enum(["approve", "return"]), note: text.optional() }),
  async act(turn, body) {
    const { actor, now } = turn;
    const draft = requirePending(turn, body.draft);
    const id = actor.kind === "advisor" || actor.kind === "person" ? actor.id : null;
    if (id === draft.authorId) throw new DomainError("reply/own-clearance");
    if (id !== draft.clearerId)
      throw new DomainError("access/forbidden", { detail: "Another clearer was named for this draft." });
    const textId = body.note === undefined ? null : await say(turn, "note", body.note);
    if (body.decision === "approve")
      await changeReply(turn.tx, draft.id, ["draft"], { state: "approved", approvedAt: now });
    else await changeReply(turn.tx, draft.id, ["draft"], { clearerId: null });
    const details = {
      data: { draft: draft.id, decision: body.decision },
      ...(textId === null ? {} : { textId }),
    };
    if (turn.referral.state === "waiting_clearance") await step(turn, "review", "claimed", details);
    else await record(turn, "review-correction", details);
    await tellPool(turn, "referral.reviewed", textId, "clearer");
  },
});
