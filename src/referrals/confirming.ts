import type { Role } from "../contract/vocabulary.ts";
import { tellForum, tellPool } from "./notices.ts";
import { freeUnanswered } from "./origins.ts";
import { findUnconfirmed } from "./questions.ts";
import { report, step } from "./step.ts";
import { changeReply, findText } from "./store/records.ts";
import { digestOf } from "./texts.ts";
import type { Turn } from "./turn.ts";

/** What the forum said when it took a text: where it can be seen, or that it is held back for now. */
export interface Shown {
  url?: string | undefined;
  held?: boolean | undefined;
}

/** The product's own part: the forum confirmed, whoever carried the word. */
const withDelivery = (turn: Turn): Turn => {
  turn.roles.add("delivery" satisfies Role);
  return turn;
};

/**
 * The forum has a reply: it is delivered, and a claimed referral becomes `replied`. Where the referral has been
 * withdrawn meanwhile the confirmation marks the reply alone.
 */
export async function confirmReply(turn: Turn, replyId: string, shown: Shown): Promise<void> {
  const { tx, now } = withDelivery(turn);
  const reply = turn.replies.find((candidate) => candidate.id === replyId);
  if (!reply) return;
  const url = shown.url !== undefined && turn.key ? { url: turn.key.seal(shown.url) } : {};
  const confirmed = await changeReply(tx, replyId, ["queued", "failed", "cancelled"], {
    state: "delivered",
    deliveredAt: now,
    visibleAt: shown.held ? null : now,
    removedAt: null,
    ...url,
  });
  if (!confirmed) return;
  const data = { replyId, ...(shown.held ? { held: true } : {}) };
  if (turn.referral.state === "claimed") {
    const proposedDisposition =
      reply.disposition ?? turn.referral.proposedDisposition ?? "answered_in_public";
    await step(turn, "reply-delivered", "replied", { data, set: { proposedDisposition }, as: "delivery" });
  } else {
    const firstRepliedAt = turn.referral.firstRepliedAt ?? now;
    await report(turn, "reply.delivered", "delivery", { data, set: { firstRepliedAt } });
  }
}

/**
 * The forum has the question: the clock stops, and it is for the member to answer. Only the newest question counts, once,
 * and none while a reply is on its way. Without `questionId`, for a forum that does not say which: the one that waits.
 */
export async function confirmQuestion(turn: Turn, questionId?: string): Promise<void> {
  const { tx, referral, replies } = withDelivery(turn);
  if (referral.state !== "claimed" || replies.some(({ state }) => state === "queued")) return;
  const waiting = await findUnconfirmed(tx, referral.id);
  if (waiting === null || waiting !== (questionId ?? waiting)) return;
  const data = { questionId: waiting };
  await step(turn, "question-delivered", "waiting_member", { data, as: "delivery" });
}

/** A question was not sent because the referral had moved on: nobody waits for it any more. */
export async function reportOvertaken(turn: Turn, questionId: string): Promise<void> {
  const { tx, referral } = withDelivery(turn);
  if ((await findUnconfirmed(tx, referral.id)) !== questionId) return;
  await report(turn, "question.cancelled", "delivery", { data: { questionId } });
}

/** The forum has the corrected text: it takes the place of the old one. */
export async function confirmCorrection(turn: Turn, replyId: string, textId: string): Promise<void> {
  const { tx, key, now } = withDelivery(turn);
  const text = await findText(tx, textId);
  if (!text?.body || !key) return;
  const isStanding = await changeReply(tx, replyId, ["delivered", "corrected"], {
    state: "corrected",
    body: new Uint8Array(text.body),
    sha256: digestOf(key.open(text.body)),
    correctedAt: now,
  });
  if (isStanding) await report(turn, "referral.corrected", "delivery", { data: { replyId, textId } });
}

/** What is recorded, and told to the pool, of a notice that did not reach the forum. */
const failures: Readonly<Record<string, string>> = {
  "referral.replied": "reply.failed",
  "referral.question": "question.failed",
  "referral.corrected": "correction.failed",
  "referral.retracted": "retraction.failed",
};

/** Whether an advisor is told when such a notice cannot be delivered. */
export const isTold = (notice: string): boolean => notice in failures;

/** A reply, a question, a correction or a retraction could not be delivered: its advisor is told. */
export async function reportUndelivered(
  turn: Turn,
  notice: string,
  replyId: string | undefined,
): Promise<void> {
  const { tx } = withDelivery(turn);
  if (replyId !== undefined && notice === "referral.replied")
    await changeReply(tx, replyId, ["queued"], { state: "failed" });
  const event = failures[notice] ?? "question.failed";
  await report(turn, event, "delivery", replyId === undefined ? {} : { data: { replyId } });
  await tellPool(turn, event, null, "delivery");
  if (notice === "referral.replied" && replyId !== undefined) await freeUnanswered(turn, replyId);
}

/** A reply that arrived after its referral was withdrawn, or after it was taken back itself, is taken back where it stands. */
export async function retractLate(turn: Turn, replyId: string): Promise<void> {
  const isRetracted = turn.replies.some(({ id, withdrawnAt }) => id === replyId && withdrawnAt !== null);
  if (!isRetracted && turn.referral.state !== "withdrawn") return;
  await tellForum(turn, "referral.retracted", { replyId });
  if (!isRetracted) return;
  await changeReply(turn.tx, replyId, ["delivered"], { state: "withdrawn" });
  await freeUnanswered(turn, replyId);
}
