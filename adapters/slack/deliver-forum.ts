import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { ForumMessage } from "../../src/contract/notice.ts";
import { isAbout, isOf, type Outgoing, post, readThread, undecided, update } from "./calls.ts";
import { readFailure, slackError } from "./client.ts";
import { linkInThread, type Post, postOf } from "./posts.ts";
import { blanked } from "./render.ts";
import { renderForForum } from "./render-forum.ts";

/** Where a referral's answers stand: the thread of its post, and the message of each reply by the reply's id. */
interface Thread {
  channel: string;
  rootTs: string;
  replies: Readonly<Record<string, string>>;
}

const mostReplies = 40;

/** What an earlier delivery remembered, where it is what this version writes. */
function readThreadPlace(remembered: unknown): Thread | null {
  if (typeof remembered !== "object" || remembered === null) return null;
  const { channel, rootTs, replies } = remembered as Record<string, unknown>;
  if (typeof channel !== "string" || typeof rootTs !== "string") return null;
  const known = typeof replies === "object" && replies !== null ? Object.entries(replies) : [];
  const stamps = known.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { channel, rootTs, replies: Object.fromEntries(stamps) };
}

/** The post that a notice is about, from its link. The register's own forums may refer posts that are not in Slack. */
function postIn(delivery: Delivery): Post | null {
  const { data } = delivery.notice;
  return "post" in data && data.post !== null ? postOf(data.post) : null;
}

const isForumMessage = (notice: Delivery["notice"]): notice is ForumMessage =>
  notice.audience === "forum" && notice.type !== "redact" && notice.type !== "ping";

/** Says one thing in the thread of the post that was referred; a correction changes the reply that stands there. */
export async function deliverToForum(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const { notice, remembered } = delivery;
  const known = readThreadPlace(remembered);
  if (notice.type === "redact")
    return known === null ? { outcome: "delivered" } : blank(out, delivery, known, signal);
  if (!isForumMessage(notice)) return { outcome: "delivered" };
  const rendered = renderForForum(notice);
  if (rendered === null) return { outcome: "delivered" };
  const at = postIn(delivery);
  if (at === null) return { outcome: "refused", reason: "no-slack-post" };
  const thread = known ?? { channel: at.channel, rootTs: at.rootTs, replies: {} };
  const stamp = notice.data.replyId === undefined ? undefined : thread.replies[notice.data.replyId];
  if (stamp !== undefined && notice.type !== "referral.replied") {
    const place = { channel: thread.channel, ts: stamp };
    const changed = await update(out, delivery, place, rendered, signal);
    if (changed === "updated") return delivered(notice, thread, stamp);
    if (changed !== "gone") return changed;
  }
  const to = { channel: thread.channel, threadTs: thread.rootTs };
  const sent = await post(out, delivery, to, rendered, signal);
  if (!("outcome" in sent)) return delivered(notice, thread, sent.ts);
  // The post has been deleted: there is nothing left to answer under, and its advisor is told so.
  const isGone = sent.outcome === "retry" && sent.reason === "slack-thread-not-found";
  return isGone ? { outcome: "refused", reason: "post-gone" } : sent;
}

/** A notice that stands there: where it can be seen, and what later ones have to know. */
function delivered({ type, data }: ForumMessage, thread: Thread, ts: string): Found & Sent {
  const { channel, rootTs } = thread;
  const isReply = type === "referral.replied" || type === "referral.corrected";
  const replies = {
    ...thread.replies,
    ...(isReply && data.replyId !== undefined ? { [data.replyId]: ts } : {}),
  };
  const kept = Object.fromEntries(Object.entries(replies).slice(-mostReplies));
  const url = data.post === null ? {} : { url: linkInThread(data.post, { channel, ts, rootTs }, ts) };
  return { outcome: "delivered", ...url, remember: { channel, rootTs, replies: kept } };
}

/** Blanks what we said about one referral in a forum's thread; the thread, and what people wrote, stays. */
async function blank(out: Outgoing, delivery: Delivery, thread: Thread, signal: AbortSignal): Promise<Sent> {
  const { channel, rootTs } = thread;
  const { data } = delivery.notice;
  if (!("reference" in data) || data.reference === null) return { outcome: "delivered" };
  try {
    const read = await readThread(out, { channel, ts: rootTs }, signal);
    if ("outcome" in read) return read;
    for (const { ts } of read.messages.filter(isAbout(data.reference))) {
      const changed = await update(out, delivery, { channel, ts: ts ?? "" }, blanked, signal);
      if (changed !== "updated" && changed !== "gone") return changed;
    }
    return { outcome: "delivered" };
  } catch (error) {
    return slackError(error) === "thread_not_found" ? { outcome: "delivered" } : readFailure(error);
  }
}

/** Looks a notice up in the thread of its post. Changes may be made twice: what they say is the same. */
export async function findInForum(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Found> {
  const { notice } = delivery;
  if (!isForumMessage(notice)) return { outcome: "absent" };
  const at = postIn(delivery);
  const known = readThreadPlace(delivery.remembered);
  const thread = known ?? (at === null ? null : { channel: at.channel, rootTs: at.rootTs, replies: {} });
  if (thread === null) return { outcome: "absent" };
  try {
    const read = await readThread(out, { channel: thread.channel, ts: thread.rootTs }, signal);
    if ("outcome" in read) return undecided(read);
    const found = read.messages.find(isOf(delivery));
    return found?.ts === undefined ? { outcome: "absent" } : delivered(notice, thread, found.ts);
  } catch (error) {
    // No such thread: the post is gone, and nothing of ours stands under it.
    return slackError(error) === "thread_not_found"
      ? { outcome: "absent" }
      : { outcome: "unknown", reason: readFailure(error).reason };
  }
}
