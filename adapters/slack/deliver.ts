import { setTimeout as sleep } from "node:timers/promises";
import type { AdapterDeps, Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { CardMessage } from "../../src/contract/notice.ts";
import { readFailure, slackError, untilStopped } from "./client.ts";
import type { Kind, Limiter } from "./limiter.ts";
import {
  blanked,
  type Rendered,
  renderAlert,
  renderCard,
  renderMessage,
  renderThreadOpening,
} from "./render.ts";
import type { WebClient } from "./sdk.ts";

export interface Outgoing {
  client: WebClient;
  limiter: Limiter;
  deps: Pick<AdapterDeps, "logger" | "memory">;
  /** Waits on the clock that the limiter reads; rejects when the signal ends. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
}

/** Where a referral's card stands. `opened`: its private thread has been begun. */
export interface Place {
  channel: string;
  ts: string;
  opened?: boolean;
}

/** Longest a send waits for its turn here; beyond it goes back to the outbox. Less than the time a send is given. */
const patienceMs = 12_000;

export const defaultWait = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal });

const eventType = "fingerpost_delivery";

const metadataOf = (delivery: Pick<Delivery, "id">) => ({
  event_type: eventType,
  event_payload: { delivery: delivery.id },
});

/** What an earlier delivery remembered, where it is what this version writes. */
function readPlace(remembered: unknown): Place | null {
  if (typeof remembered !== "object" || remembered === null) return null;
  const { channel, ts, opened } = remembered as Record<string, unknown>;
  if (typeof channel !== "string" || typeof ts !== "string") return null;
  return { channel, ts, opened: opened === true };
}

/** A call that takes its turn first. A `Sent` instead of an answer when it did not come to one. */
async function inTurn<T>(
  out: Outgoing,
  kind: Kind,
  key: string,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<{ answer: T } | Exclude<Sent, { outcome: "delivered" }>> {
  const inWorkspace = kind === "post" ? out.limiter.reserve("workspace", "", patienceMs) : 0;
  const wait = Math.max(inWorkspace, out.limiter.reserve(kind, key, patienceMs));
  if (wait > patienceMs) return { outcome: "retry", reason: "rate-limited", afterMs: wait };
  try {
    if (wait > 0) await out.wait(wait, signal);
  } catch {
    return { outcome: "retry", reason: "stopped" };
  }
  if (signal.aborted) return { outcome: "retry", reason: "stopped" };
  try {
    const answer = await untilStopped(call(), signal);
    return answer === null ? { outcome: "unknown", reason: "stopped" } : { answer };
  } catch (error) {
    if (slackError(error) === "message_not_found") throw error;
    return readFailure(error);
  }
}

async function post(
  out: Outgoing,
  delivery: Delivery,
  to: { channel: string; threadTs?: string },
  { text, blocks }: Rendered,
  signal: AbortSignal,
): Promise<Place | Exclude<Sent, { outcome: "delivered" }>> {
  const { channel, threadTs } = to;
  const sent = await inTurn(out, "post", channel, signal, () =>
    out.client.chat.postMessage({
      channel,
      text,
      blocks,
      metadata: metadataOf(delivery),
      unfurl_links: false,
      unfurl_media: false,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    }),
  );
  return "answer" in sent ? { channel, ts: sent.answer.ts ?? "" } : sent;
}

/** Changes a message that is there. `gone` where it is not. */
async function update(
  out: Outgoing,
  delivery: Delivery,
  { channel, ts }: Place,
  { text, blocks }: Rendered,
  signal: AbortSignal,
): Promise<"updated" | "gone" | Exclude<Sent, { outcome: "delivered" }>> {
  try {
    const sent = await inTurn(out, "update", "workspace", signal, () =>
      out.client.chat.update({ channel, ts, text, blocks, metadata: metadataOf(delivery) }),
    );
    return "answer" in sent ? "updated" : sent;
  } catch {
    return "gone";
  }
}

/** Sends one delivery: a first card is posted, a later one changes it, a message goes into its thread. */
export async function deliver(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const { notice, address } = delivery;
  const { channel } = address;
  if (typeof channel !== "string") return { outcome: "retry", reason: "no-channel" };
  const place = readPlace(delivery.remembered);
  switch (notice.type) {
    case "card":
      return deliverCard(out, delivery, notice.data, { channel, place }, signal);
    case "message": {
      const threadTs = place?.channel === channel ? { threadTs: place.ts } : {};
      const sent = await post(out, delivery, { channel, ...threadTs }, renderMessage(notice.data), signal);
      return "outcome" in sent ? sent : { outcome: "delivered", ...(place ? { remember: place } : {}) };
    }
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
  return { outcome: "delivered", remember: sent };
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
  return "outcome" in sent ? sent : { outcome: "delivered", remember: { channel, ts, opened: true } };
}

interface Seen {
  ts?: string | undefined;
  bot_id?: string | undefined;
  metadata?: unknown;
}

/** Blanks a card and everything we said in its thread. What people wrote there themselves is theirs to remove. */
async function redact(out: Outgoing, delivery: Delivery, place: Place, signal: AbortSignal): Promise<Sent> {
  try {
    const thread = await readThread(out, place, signal);
    if ("outcome" in thread) return thread;
    const ours = thread.messages.filter(({ bot_id: bot, ts }) => bot !== undefined && ts !== place.ts);
    for (const { ts } of [...ours, { ts: place.ts }]) {
      const changed = await update(out, delivery, { channel: place.channel, ts: ts ?? "" }, blanked, signal);
      if (changed !== "updated" && changed !== "gone") return changed;
    }
    return { outcome: "delivered", remember: place };
  } catch (error) {
    return slackError(error) === "thread_not_found" ? { outcome: "delivered" } : readFailure(error);
  }
}

const pageSize = 100;
const mostPages = 10;

async function readThread(
  out: Outgoing,
  { channel, ts }: Place,
  signal: AbortSignal,
): Promise<{ messages: Seen[] } | Exclude<Sent, { outcome: "delivered" }>> {
  const messages: Seen[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const at = { channel, ts, limit: pageSize, ...(cursor ? { cursor } : {}) };
    const read = await inTurn(out, "lookup", "replies", signal, () =>
      out.client.conversations.replies({ ...at, include_all_metadata: true }),
    );
    if (!("answer" in read)) return read;
    messages.push(...(read.answer.messages ?? []));
    cursor = read.answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return { messages };
}

const isOf =
  (delivery: Delivery) =>
  ({ metadata }: Seen): boolean =>
    JSON.stringify(metadata ?? null).includes(JSON.stringify(delivery.id));

/** A little before the delivery was written, for clocks that differ. */
const marginMs = 300_000;

/** Looks a send up by the delivery id in the metadata of messages: in the card's thread, else in the channel since it was written. */
export async function find(out: Outgoing, delivery: Delivery, signal: AbortSignal): Promise<Found> {
  const { channel } = delivery.address;
  if (typeof channel !== "string") return { outcome: "absent" };
  const place = readPlace(delivery.remembered);
  const { type } = delivery.notice;
  // A change may be made twice: what it says is the same.
  if (type === "redact") return { outcome: "absent" };
  try {
    if (place !== null && place.channel === channel && type !== "alert") {
      const thread = await readThread(out, place, signal);
      if ("outcome" in thread) return { outcome: "unknown", reason: thread.reason };
      const found = thread.messages.find(isOf(delivery));
      if (!found) return { outcome: "absent" };
      const isOpening = type === "card" && found.ts !== place.ts;
      // The card was changed, but its thread may still have to be begun: doing both again is safe.
      if (type === "card" && !isOpening && !place.opened) return { outcome: "absent" };
      return { outcome: "delivered", remember: isOpening ? { ...place, opened: true } : place };
    }
    return await findInChannel(out, delivery, channel, signal);
  } catch (error) {
    const { reason } = readFailure(error);
    return { outcome: "unknown", reason };
  }
}

async function findInChannel(
  out: Outgoing,
  delivery: Delivery,
  channel: string,
  signal: AbortSignal,
): Promise<Found> {
  const oldest = String((delivery.createdAt.getTime() - marginMs) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const at = { channel, oldest, limit: pageSize, ...(cursor ? { cursor } : {}) };
    const read = await inTurn(out, "lookup", "history", signal, () =>
      out.client.conversations.history({ ...at, include_all_metadata: true }),
    );
    if (!("answer" in read)) return { outcome: "unknown", reason: read.reason };
    const found = read.answer.messages?.find(isOf(delivery));
    if (found?.ts) {
      const isCard = delivery.notice.type === "card";
      return { outcome: "delivered", ...(isCard ? { remember: { channel, ts: found.ts } } : {}) };
    }
    cursor = read.answer.response_metadata?.next_cursor;
    if (!cursor) return { outcome: "absent" };
  }
  // More than could be read: another send might be a second one.
  return { outcome: "unknown", reason: "history-too-long" };
}
