import type { ForumMessage } from "../contract/notice.ts";
import { askIn, fromOf } from "./forum-words.ts";
import type { NoticeMaterial } from "./notice-material.ts";

/** What a forum is told of its referral, or why it is not told any more. */
export async function forumMessage(
  m: NoticeMaterial,
  type: ForumMessage["type"],
): Promise<ForumMessage | { cancel: string }> {
  const { row, referral, register } = m;
  const { replyId, textId, because, becauseId, signpostId, mergedInto } = row.data as Record<
    string,
    string | null | undefined
  >;
  const data: ForumMessage["data"] = { ...m.base, ...(because ? { because } : {}) };
  const pool = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug);
  if (pool) data.pool = { slug: pool.slug, name: pool.name };
  if (type === "referral.consent_requested") data.ask = askIn(referral.language);
  if (type === "referral.question") {
    const question = await m.text(textId);
    if (question === null) return { cancel: "erased" };
    Object.assign(data, { text: question, questionId: textId });
  }
  const reply = m.replies.find((candidate) => candidate.id === replyId);
  if (reply) {
    data.replyId = reply.id;
    data.from = fromOf(register, reply.poolSlug);
    data.verify = { code: reply.verifyCode, url: `${m.baseUrl}/verify/${reply.verifyCode}` };
    data.language = reply.language;
  }
  if (type === "referral.replied" || type === "referral.corrected") {
    if (reply?.state === "cancelled" || (type === "referral.replied" && reply?.state === "withdrawn"))
      return { cancel: "reply-cancelled" };
    const text =
      type === "referral.corrected"
        ? await m.text(textId)
        : reply?.body && m.key
          ? m.key.open(reply.body)
          : null;
    if (text === null) return { cancel: "erased" };
    data.text = text;
  }
  const why = becauseId ? await m.text(becauseId) : null;
  if (why) data.because = why;
  const signpost = signpostId ? await m.text(signpostId) : null;
  if (signpost) data.signpost = JSON.parse(signpost);
  if (mergedInto) data.mergedInto = mergedInto;
  if (referral.disposition && ["referral.resolved", "referral.closed"].includes(type)) {
    data.outcome = {
      disposition: referral.disposition,
      result: referral.result ?? "unknown",
      saidBy: referral.saidBy ?? "nobody",
    };
  }
  return { audience: "forum", type, data };
}
