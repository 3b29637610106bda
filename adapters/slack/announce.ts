import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { ClinicMessage } from "../../src/contract/notice.ts";
import { line, linked } from "./blocks.ts";
import { findInChannel, isOf, type Outgoing, post, readThread, undecided } from "./calls.ts";
import { readFailure, slackError } from "./client.ts";
import { linkInThread, postOf } from "./posts.ts";
import type { Rendered } from "./render.ts";
import { escapeMarkup } from "./text.ts";

/** Our own words under an announcement, in the forum's language. */
const phrases = {
  en: { page: "When, where and how to ask: ", calendar: "For your calendar: " },
  cy: { page: "Pryd, ble a sut i ofyn: ", calendar: "Ar gyfer eich calendr: " },
} as const;

/** What a channel reads of a clinic's session. */
export function renderClinic({ text, url, calendar, language, news }: ClinicMessage["data"]): Rendered {
  const say = language === "cy" ? phrases.cy : phrases.en;
  const isOff = news === "cancelled";
  return {
    text: escapeMarkup(text),
    blocks: [
      ...linked(text),
      line(say.page, { type: "link", url }),
      ...(isOff ? [] : [line(say.calendar, { type: "link", url: calendar })]),
    ],
  };
}

interface Spot {
  channel: string;
  threadTs?: string;
}

/** Where a clinic happens, from the link that its plan gives: a channel, or the thread of a message. Null for any other. */
function spotOf({ thread }: ClinicMessage["data"]): Spot | null {
  if (!thread || !URL.canParse(thread)) return null;
  const at = postOf(thread);
  if (at !== null) return { channel: at.channel, threadTs: at.rootTs };
  const [, channel] = /^\/archives\/([A-Z0-9]{2,40})\/?$/.exec(new URL(thread).pathname) ?? [];
  return channel === undefined ? null : { channel };
}

/** Says where a clinic happens what there is to say of its session. */
export async function announce(
  out: Outgoing,
  delivery: Delivery,
  data: ClinicMessage["data"],
  signal: AbortSignal,
): Promise<Sent> {
  const spot = spotOf(data);
  if (spot === null) return { outcome: "refused", reason: "no-slack-place" };
  const sent = await post(out, delivery, spot, renderClinic(data), signal);
  if (!("outcome" in sent)) return { outcome: "delivered", ...urlOf(data, spot, sent.ts) };
  const isGone = sent.outcome === "retry" && sent.reason === "slack-thread-not-found";
  return isGone ? { outcome: "refused", reason: "post-gone" } : sent;
}

function urlOf({ thread }: ClinicMessage["data"], { channel, threadTs }: Spot, ts: string): { url?: string } {
  if (!thread) return {};
  const rootTs = threadTs ?? ts;
  return { url: linkInThread(thread, { channel, ts, rootTs }, ts) };
}

/** Looks an announcement up where it would stand. */
export async function findAnnounced(
  out: Outgoing,
  delivery: Delivery,
  data: ClinicMessage["data"],
  signal: AbortSignal,
): Promise<Found> {
  const spot = spotOf(data);
  if (spot === null) return { outcome: "absent" };
  const { channel, threadTs } = spot;
  try {
    if (threadTs === undefined) {
      const found = await findInChannel(out, delivery, channel, signal);
      return "at" in found ? { outcome: "delivered" } : found;
    }
    const read = await readThread(out, { channel, ts: threadTs }, signal);
    if ("outcome" in read) return undecided(read);
    return read.messages.some(isOf(delivery)) ? { outcome: "delivered" } : { outcome: "absent" };
  } catch (error) {
    if (slackError(error) === "thread_not_found") return { outcome: "absent" };
    return { outcome: "unknown", reason: readFailure(error).reason };
  }
}
