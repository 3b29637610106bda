import { setTimeout as sleep } from "node:timers/promises";
import type { AdapterDeps, Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import { readFailure, slackError, untilStopped } from "./client.ts";
import type { Kind, Limiter } from "./limiter.ts";
import type { Spot } from "./place.ts";
import type { Rendered } from "./render.ts";
import type { WebClient } from "./sdk.ts";

export interface Outgoing {
  client: WebClient;
  limiter: Limiter;
  deps: Pick<AdapterDeps, "logger" | "memory">;
  /** Waits on the clock that the limiter reads; rejects when the signal ends. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
}

export type Unsent = Exclude<Sent, { outcome: "delivered" }>;
/** What a look-up ends with that did not find anything. */
export type Unfound = Exclude<Found, { outcome: "delivered" }>;

/** Longest a send waits for its turn here; beyond it goes back to the outbox. Less than the time a send is given. */
const patienceMs = 12_000;

export const defaultWait = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal });

const eventType = "fingerpost_delivery";

/** By `delivery` a send of unknown fate is found again, by `reference` everything of one referral in a forum's thread. */
function metadataOf({ id, notice }: Pick<Delivery, "id" | "notice">) {
  const reference = "reference" in notice.data ? notice.data.reference : null;
  return {
    event_type: eventType,
    event_payload: { delivery: id, ...(reference === null ? {} : { reference }) },
  };
}

/** What a change or a look-up was aimed at is not there: an answer to whoever asked, not a failure. */
const isMissing = (error: unknown, kind: Kind): boolean => {
  const code = slackError(error);
  return code === "message_not_found" || (kind === "lookup" && code === "thread_not_found");
};

/** A call that takes its turn first; throws only what is not there. A `Sent` instead of an answer when it did not come to one. */
async function inTurn<T>(
  out: Outgoing,
  kind: Kind,
  key: string,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<{ answer: T } | Unsent> {
  const own = out.limiter.reserve(kind, key, patienceMs);
  // What has no turn in its channel takes none from the workspace.
  const isPost = kind === "post" && own <= patienceMs;
  const wait = Math.max(own, isPost ? out.limiter.reserve("workspace", "", patienceMs) : 0);
  if (wait > patienceMs) return { outcome: "retry", reason: "rate-limited", afterMs: wait, early: true };
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
    if (isMissing(error, kind)) throw error;
    return readFailure(error);
  }
}

export async function post(
  out: Outgoing,
  delivery: Delivery,
  to: { channel: string; threadTs?: string },
  { text, blocks }: Rendered,
  signal: AbortSignal,
): Promise<{ channel: string; ts: string } | Unsent> {
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
export async function update(
  out: Outgoing,
  delivery: Delivery,
  { channel, ts }: { channel: string; ts: string },
  { text, blocks }: Rendered,
  signal: AbortSignal,
): Promise<"updated" | "gone" | Unsent> {
  try {
    const sent = await inTurn(out, "update", "workspace", signal, () =>
      out.client.chat.update({ channel, ts, text, blocks, metadata: metadataOf(delivery) }),
    );
    return "answer" in sent ? "updated" : sent;
  } catch {
    return "gone";
  }
}

export interface Seen {
  ts?: string | undefined;
  bot_id?: string | undefined;
  metadata?: unknown;
}

const pageSize = 100;
const mostPages = 10;

export async function readThread(
  out: Outgoing,
  { channel, ts }: { channel: string; ts: string },
  signal: AbortSignal,
): Promise<{ messages: Seen[] } | Unsent> {
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

/** A look-up that did not come to an answer, with how long to wait where that is known. */
export const undecided = (unsent: Unsent): Unfound =>
  unsent.outcome === "retry"
    ? { ...unsent, outcome: "unknown" }
    : { outcome: "unknown", reason: unsent.reason };

const holds = (metadata: unknown, value: string): boolean =>
  JSON.stringify(metadata ?? null).includes(JSON.stringify(value));

export const isOf =
  (delivery: Delivery) =>
  ({ metadata }: Seen): boolean =>
    holds(metadata, delivery.id);

/** Whether a message of ours in a forum's thread belongs to this referral. */
export const isAbout =
  (reference: string) =>
  ({ metadata, bot_id: bot }: Seen): boolean =>
    bot !== undefined && holds(metadata, reference);

/** A little before the delivery was written, for clocks that differ. */
const marginMs = 300_000;

/** Where a send stands among everything written in a channel since the delivery was. */
export async function findInChannel(
  out: Outgoing,
  delivery: Delivery,
  channel: string,
  signal: AbortSignal,
): Promise<{ at: Spot } | Unfound> {
  const oldest = String((delivery.createdAt.getTime() - marginMs) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const at = { channel, oldest, limit: pageSize, ...(cursor ? { cursor } : {}) };
    const read = await inTurn(out, "lookup", "history", signal, () =>
      out.client.conversations.history({ ...at, include_all_metadata: true }),
    );
    if (!("answer" in read)) return undecided(read);
    const found = read.answer.messages?.find(isOf(delivery));
    if (found?.ts) return { at: { channel, ts: found.ts } };
    cursor = read.answer.response_metadata?.next_cursor;
    if (!cursor) return { outcome: "absent" };
  }
  // More than could be read: another send might be a second one.
  return { outcome: "unknown", reason: "history-too-long" };
}
