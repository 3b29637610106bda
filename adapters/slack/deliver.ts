import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { CardMessage, ThreadMessage } from "../../src/contract/notice.ts";
import { announce, findAnnounced } from "./announce.ts";
import { findInChannel, isOf, type Outgoing, post, type Seen, undecided, update } from "./calls.ts";
import { readFailure } from "./client.ts";
import { deliverToForum, findInForum } from "./deliver-forum.ts";
import { alsoAt, movedFrom, type Place, readPlace, type Spot } from "./place.ts";
import { redact, threadOf } from "./redact.ts";
import { renderAlert, renderCard, renderMessage, renderThreadOpening } from "./render.ts";

/** Sends one delivery: a first card is posted, a later one changes it, a message goes into its thread. */
export async function deliver(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const { notice, address } = delivery;
  if (notice.type === "clinic") return announce(out, delivery, notice.data, signal);
  if (delivery.destination.startsWith("forum:")) return deliverToForum(out, delivery, signal);
  const { channel } = address;
  if (typeof channel !== "string") return { outcome: "retry", reason: "no-channel" };
  const place = readPlace(delivery.remembered);
  switch (notice.type) {
    case "card":
      return deliverCard(out, delivery, notice.data, { channel, place }, signal);
    case "message":
      return deliverMessage(out, delivery, notice.data, { channel, place }, signal);
    case "alert": {
      const sent = await post(out, delivery, { channel }, renderAlert(notice.data), signal);
      return "outcome" in sent ? sent : { outcome: "delivered" };
    }
    case "redact":
      return place === null ? { outcome: "delivered" } : redact(out, delivery, place, signal);
    default:
      return { outcome: "refused", reason: "not-carried" };
  }
}

/** Says something in the card's thread; in the channel where there is no card, where it stands elsewhere or is deleted. */
async function deliverMessage(
  out: Outgoing,
  delivery: Delivery,
  message: ThreadMessage["data"],
  { channel, place }: { channel: string; place: Place | null },
  signal: AbortSignal,
): Promise<Sent> {
  const rendered = renderMessage(message);
  if (place?.channel === channel) {
    const sent = await post(out, delivery, { channel, threadTs: place.ts }, rendered, signal);
    if (!("outcome" in sent)) return { outcome: "delivered", remember: place };
    const isGone = sent.outcome === "retry" && sent.reason === "slack-thread-not-found";
    if (!isGone) return sent;
  }
  const sent = await post(out, delivery, { channel }, rendered, signal);
  if ("outcome" in sent) return sent;
  return { outcome: "delivered", ...rememberAt("message", place, sent) };
}

async function deliverCard(
  out: Outgoing,
  delivery: Delivery,
  card: CardMessage["data"],
  { channel, place }: { channel: string; place: Place | null },
  signal: AbortSignal,
): Promise<Sent> {
  const rendered = renderCard(card);
  if (place !== null && place.channel === channel) {
    const changed = await update(out, delivery, place, rendered, signal);
    if (changed === "updated") return openThread(out, delivery, card, place, signal);
    if (changed !== "gone") return changed;
  }
  // A referral that has left before its first card was shown needs none.
  if (card.verbs.length === 0) return { outcome: "delivered" };
  const sent = await post(out, delivery, { channel }, rendered, signal);
  if ("outcome" in sent) return sent;
  return { outcome: "delivered", ...rememberAt("card", place, sent) };
}

/** What is remembered of something that was posted outside the card's thread. */
function rememberAt(type: Delivery["notice"]["type"], place: Place | null, at: Spot): { remember?: Place } {
  if (type === "card") return { remember: movedFrom(place, at) };
  return type === "message" && place !== null ? { remember: alsoAt(place, at) } : {};
}

/** Begins the private thread once a referral is claimed. */
async function openThread(
  out: Outgoing,
  delivery: Delivery,
  card: CardMessage["data"],
  place: Place,
  signal: AbortSignal,
): Promise<Sent> {
  if (card.owner === null || place.opened) return { outcome: "delivered", remember: place };
  const { channel, ts } = place;
  const sent = await post(out, delivery, { channel, threadTs: ts }, renderThreadOpening(card), signal);
  return "outcome" in sent ? sent : { outcome: "delivered", remember: { ...place, opened: true } };
}

/** Looks a send up by the delivery id in the metadata of messages: in the card's thread, else in the channel since it was written. */
export async function find(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Found> {
  const { notice } = delivery;
  if (notice.type === "clinic") return findAnnounced(out, delivery, notice.data, signal);
  if (delivery.destination.startsWith("forum:")) return findInForum(out, delivery, signal);
  const { channel } = delivery.address;
  if (typeof channel !== "string") return { outcome: "absent" };
  const place = readPlace(delivery.remembered);
  const { type } = delivery.notice;
  // A change may be made twice: what it says is the same.
  if (type === "redact") return { outcome: "absent" };
  try {
    const thread =
      place !== null && place.channel === channel && type !== "alert"
        ? await threadOf(out, place, signal)
        : null;
    if (place !== null && thread !== null) {
      if ("outcome" in thread) return undecided(thread);
      const found = foundInThread(delivery, place, thread.messages);
      if (found !== null) return found;
    }
    const found = await findInChannel(out, delivery, channel, signal);
    return "at" in found ? { outcome: "delivered", ...rememberAt(type, place, found.at) } : found;
  } catch (error) {
    const { reason } = readFailure(error);
    return { outcome: "unknown", reason };
  }
}

/** What a card's thread says of a send. Null where the card is gone: what was sent instead stands in the channel. */
function foundInThread(delivery: Delivery, place: Place, messages: readonly Seen[]): Found | null {
  // A claim changes the card and begins its thread: both carry its id, and the second says that both were done.
  const ours = messages.filter(isOf(delivery));
  const found = ours.find(({ ts }) => ts !== place.ts) ?? ours[0];
  if (!found) {
    // Where replies stay, Slack leaves a mark of its own in the place of a deleted card, which is of no bot.
    const isThere = messages.some(({ ts, bot_id: bot }) => ts === place.ts && bot !== undefined);
    return isThere ? { outcome: "absent" } : null;
  }
  const isCard = delivery.notice.type === "card";
  const isOpening = isCard && found.ts !== place.ts;
  // The card was changed, but its thread may still have to be begun: doing both again is safe.
  if (isCard && !isOpening && !place.opened) return { outcome: "absent" };
  return { outcome: "delivered", remember: isOpening ? { ...place, opened: true } : place };
}
