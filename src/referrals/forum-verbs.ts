import { z } from "zod";
import type { ForumEvent } from "../contract/bodies.ts";
import { DomainError } from "../contract/errors.ts";
import { maskText } from "../privacy/mask.ts";
import { confirmCorrection, confirmQuestion, confirmReply } from "./confirming.ts";
import { eraseInTurn } from "./erasing.ts";
import { collects, tellPool } from "./notices.ts";
import { leaveMerge } from "./origins.ts";
import { maySay, takenBack } from "./outcome.ts";
import { report, step } from "./step.ts";
import { changeReply } from "./store/records.ts";
import { findCorrections, findRetractions } from "./store/waiting.ts";
import { keyOf, say } from "./texts.ts";
import type { Turn } from "./turn.ts";
import { cancelUnsent } from "./unsent.ts";
import { defineVerb, Empty, text } from "./verb.ts";

const posted = z.strictObject({ url: z.url() });

/** The new text stands beside the old, masked and read for safety again; the owner is told. */
export const reportEdit = defineVerb({
  name: "post.edited",
  body: z.strictObject({ excerpt: text }),
  async act(turn, { excerpt }) {
    const textId = await say(turn, "excerpt", excerpt);
    const { masked } = maskText(excerpt);
    await report(turn, "post.edited", "moderator", {
      textId,
      set: { masked: [...new Set([...turn.referral.masked, ...masked])] },
    });
    await tellPool(turn, "post.edited", textId, "moderator");
  },
});

/** Deleted by the member: withdrawn and erased. By somebody else: hidden, and nothing is posted until a person decides. */
export const reportDeletion = defineVerb({
  name: "post.deleted",
  body: z.strictObject({ byMember: z.boolean() }),
  async act(turn, { byMember }) {
    if (byMember && !maySay("member", turn.roles)) throw new DomainError("outcome/said-by-another");
    await report(turn, "post.deleted", byMember ? "member" : "moderator", {
      set: { postDeletedAt: turn.now },
      data: { byMember },
    });
    if (!byMember) {
      await tellPool(turn, "post.deleted", null, "moderator");
      return;
    }
    if (turn.referral.state === "merged") await leaveMerge(turn);
    const finished = turn.referral.finishedAt !== null;
    if (!finished) {
      await step(turn, "withdraw", "withdrawn", {
        set: takenBack("member"),
        as: "member",
      });
      await cancelUnsent(turn);
    }
    await eraseInTurn(turn, "member-deleted");
  },
});

/** The forum shows a reply: it confirms one that was collected, in new words too, or says where one that it took can be seen. */
export const reportPosted = defineVerb({
  name: "reply.posted",
  body: posted,
  async act(turn, { url }) {
    const queued = turn.replies.find((reply) => reply.state === "queued");
    if (queued) {
      await confirmReply(turn, queued.id, { url });
      return;
    }
    // Only a forum that collects has read the new words; what another was not sent it does not show.
    if (collects(turn))
      for (const { replyId, textId } of await findCorrections(turn.tx, turn.referral.id))
        await confirmCorrection(turn, replyId, textId);
    const shown = turn.replies.findLast(
      (reply) => reply.state === "delivered" || reply.state === "corrected",
    );
    if (!shown) throw new DomainError("reply/not-found");
    await report(turn, "reply.posted", "moderator", { data: { replyId: shown.id } });
    await changeReply(turn.tx, shown.id, ["delivered", "corrected"], {
      url: keyOf(turn).seal(url),
      visibleAt: turn.now,
      removedAt: null,
    });
  },
});

export const reportQuestionPosted = defineVerb({
  name: "question.posted",
  body: posted,
  act: (turn) => confirmQuestion(turn),
});

export const reportConsentPosted = defineVerb({
  name: "consent.posted",
  body: posted,
  act: (turn) => report(turn, "consent.posted", "moderator"),
});

async function reportOnReply(turn: Turn, type: "reply.held" | "reply.removed"): Promise<void> {
  const [retracted] = type === "reply.removed" ? await findRetractions(turn.tx, turn.referral.id) : [];
  const reply = turn.replies.findLast((candidate) =>
    retracted === undefined
      ? ["queued", "delivered", "corrected"].includes(candidate.state)
      : candidate.id === retracted,
  );
  if (!reply) throw new DomainError("reply/not-found");
  await report(turn, type, "moderator", { data: { replyId: reply.id } });
  const change = type === "reply.held" ? { visibleAt: null } : { visibleAt: null, removedAt: turn.now };
  await changeReply(turn.tx, reply.id, ["delivered", "corrected", "withdrawn"], change);
  // A reply that the pool took back is gone because it asked for that.
  if (retracted === undefined) await tellPool(turn, type, null, "moderator");
}

export const reportHeld = defineVerb({
  name: "reply.held",
  body: Empty,
  act: (turn) => reportOnReply(turn, "reply.held"),
});
export const reportRemoved = defineVerb({
  name: "reply.removed",
  body: Empty,
  act: (turn) => reportOnReply(turn, "reply.removed"),
});

/** How each event of a forum reads as a verb and its body. */
export function verbOfEvent(event: ForumEvent): { verb: string; body: unknown } {
  const { type, reference: _reference, ...rest } = event;
  switch (event.type) {
    case "member.consent":
      return { verb: "consent", body: { given: event.given, saidBy: "member" } };
    case "member.answered":
      return { verb: "member-answer", body: { text: event.text, saidBy: "member" } };
    case "followed_up":
      return { verb: "follow-up", body: rest };
    case "member.withdrew":
      return { verb: "member-withdraws", body: {} };
    case "feedback":
      return { verb: "feedback", body: rest };
    default:
      return { verb: type, body: rest };
  }
}

/** The member takes the referral back, through the forum. A bare key cannot say so. */
export const memberWithdraws = defineVerb({
  name: "member-withdraws",
  body: Empty,
  async act(turn) {
    if (!maySay("member", turn.roles)) throw new DomainError("outcome/said-by-another");
    const wasAsked = turn.referral.state === "awaiting_consent";
    if (turn.referral.state === "merged") await leaveMerge(turn);
    await step(turn, "withdraw", "withdrawn", {
      set: takenBack("member"),
      as: "member",
    });
    await cancelUnsent(turn);
    if (wasAsked) await eraseInTurn(turn, "consent-refused");
  },
});

export const forumVerbs = new Map(
  [
    reportEdit,
    reportDeletion,
    reportPosted,
    reportQuestionPosted,
    reportConsentPosted,
    reportHeld,
    reportRemoved,
    memberWithdraws,
  ].map((verb) => [verb.name, verb] as const),
);
