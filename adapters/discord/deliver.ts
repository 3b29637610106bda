import { z } from "zod";
import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { ForumMessage } from "../../src/contract/notice.ts";
import { announce, findAnnounced } from "./announce.ts";
import { body, type Desk } from "./desk.ts";
import { codes, lookUp, type Place } from "./look-up.ts";
import { change, type Failure, postParts, remove, type Target, targetOf } from "./places.ts";
import {
  type Parts,
  renderClosed,
  renderConsent,
  renderConsentInPublic,
  renderQuestion,
  renderReply,
  renderRetracted,
} from "./render.ts";
import { codeOf, readFailure } from "./rest.ts";
import { type Say, wordsOf } from "./words.ts";

/** Where everything stands that we have said about a referral: replies by their id, and the rest. Places are `channel/message`. */
const Remembered = z.object({
  replies: z.record(z.string(), z.array(z.string())).default({}),
  others: z.array(z.string()).default([]),
});
type Remembered = z.infer<typeof Remembered>;

const read = (remembered: unknown): Remembered =>
  Remembered.safeParse(remembered).data ?? { replies: {}, others: [] };
const written = ({ channel, message }: Place): string => `${channel}/${message}`;
const placeOf = (text: string): Place => {
  const [channel = "", message = ""] = text.split("/");
  return { channel, message };
};

/** Less than the 4 kB that an adapter may have remembered. */
const mostBytes = 3_900;

/** What does not fit any more is the oldest; it is only ever needed to change or blank it. */
function fitted(remembered: Remembered): Remembered {
  const { others } = remembered;
  const replies = Object.entries(remembered.replies);
  while (Buffer.byteLength(JSON.stringify({ replies: Object.fromEntries(replies), others })) > mostBytes)
    if (replies.length > 1) replies.shift();
    else others.shift();
  return { replies: Object.fromEntries(replies), others };
}

/** What the words of a notice are said in, by the forum's setting. */
const wordsFor = ({ address }: Delivery): Say =>
  wordsOf(typeof address.language === "string" ? address.language : undefined);

/** Sends one delivery to the server that the forum is. */
export async function deliver(desk: Desk, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const { notice } = delivery;
  try {
    if (notice.type === "redact") return await blank(desk, delivery, signal);
    if (notice.type === "clinic") return await announce(desk, delivery, notice.data, signal);
    if (notice.audience !== "forum" || notice.type === "ping")
      return { outcome: "refused", reason: "not-carried" };
    if (notice.type === "referral.consent_requested") return await ask(desk, delivery, notice, signal);
    if (notice.type === "referral.corrected" || notice.type === "referral.retracted")
      return await amend(desk, delivery, notice, signal);
    if (notice.type === "referral.closed" && isSilent(delivery, notice)) return { outcome: "delivered" };
    const parts = await partsOf(desk, delivery, notice);
    if (parts === null) return { outcome: "refused", reason: "not-carried" };
    const target = await targetOf(desk, delivery, notice.data.post, signal);
    if ("outcome" in target) return target;
    const posted = await postParts(desk, delivery, parts, target, { signal });
    if ("outcome" in posted) return posted;
    await watch(desk, notice, posted);
    return delivered(delivery, notice, target, posted);
  } catch (error) {
    return readFailure(error);
  }
}

/** Keeps in mind which messages are a reply: one that a moderator takes away is noticed. */
async function watch(
  { memories }: Desk,
  { type, data }: ForumMessage,
  places: readonly Place[],
): Promise<void> {
  if (type !== "referral.replied" && type !== "referral.corrected") return;
  for (const { message } of places)
    await memories.keepMessage(message, { reference: data.reference, is: "reply" });
}

/** A referral that was answered, and closes because nobody said whether it helped, has nothing new to say. */
const isSilent = (delivery: Delivery, { data }: ForumMessage): boolean =>
  data.because === undefined &&
  data.signpost === undefined &&
  Object.keys(read(delivery.remembered).replies).length > 0;

/** The mark of the referral's member, for the buttons. */
async function tagFor({ memories }: Desk, { data }: ForumMessage): Promise<string> {
  const post = await memories.readPost(data.externalId);
  return memories.tagOf(data.reference, post?.member ?? null);
}

async function partsOf(desk: Desk, delivery: Delivery, notice: ForumMessage): Promise<Parts | null> {
  const t = wordsFor(delivery);
  const tag = await tagFor(desk, notice);
  if (notice.type === "referral.replied" || notice.type === "referral.corrected")
    return renderReply(delivery, notice, tag);
  if (notice.type === "referral.question") return renderQuestion(delivery, notice, tag, t);
  return notice.type === "referral.closed" ? renderClosed(delivery, notice, tag, t) : null;
}

function delivered(delivery: Delivery, { data }: ForumMessage, target: Target, places: readonly Place[]) {
  const before = read(delivery.remembered);
  const { replyId } = data;
  const all = places.map(written);
  const remember =
    replyId === undefined
      ? { ...before, others: [...before.others, ...all] }
      : { ...before, replies: { ...before.replies, [replyId]: all } };
  const [first] = places;
  const url =
    first && target.guild !== null
      ? { url: `https://discord.com/channels/${target.guild}/${written(first)}` }
      : {};
  return { outcome: "delivered", ...url, remember: fitted(remember) } as const;
}

/** Asks the member in private; where they take no messages, under their post, without a word of what it is about. */
async function ask(desk: Desk, delivery: Delivery, notice: ForumMessage, signal: AbortSignal): Promise<Sent> {
  const post = await desk.memories.readPost(notice.data.externalId);
  const tag = await tagFor(desk, notice);
  const target = await targetOf(desk, delivery, notice.data.post, signal);
  if ("outcome" in target) return target;
  const asking = { tag, guild: target.guild ?? "", t: wordsFor(delivery) };
  if (post?.asked) {
    const direct = await directTo(desk, post.asked, signal);
    if (direct !== null) {
      if ("outcome" in direct) return direct;
      const posted = await postParts(desk, delivery, renderConsent(delivery, notice, asking), direct, {
        signal,
      });
      if (!("outcome" in posted)) return delivered(delivery, notice, direct, posted);
      if (posted.reason !== `discord-${codes.cannotDm}`) return posted;
    }
  }
  const posted = await postParts(desk, delivery, renderConsentInPublic(delivery, notice, asking), target, {
    signal,
  });
  return "outcome" in posted ? posted : delivered(delivery, notice, target, posted);
}

/** The private channel with somebody; null where they take none. */
async function directTo({ call }: Desk, user: string, signal: AbortSignal): Promise<Target | Failure | null> {
  try {
    const opened = await call({
      method: "POST",
      path: "/users/@me/channels",
      body: { recipient_id: user },
      signal,
    });
    const { id } = z.object({ id: z.string() }).parse(opened);
    return { guild: null, channel: id, replyTo: null, channels: [id] };
  } catch (error) {
    const code = codeOf(error);
    // Closed to us, or no such person any more.
    return code === codes.cannotDm || code === 10013 ? null : readFailure(error);
  }
}

/** Changes a reply that stands: corrected it says so, withdrawn it says that. */
async function amend(
  desk: Desk,
  delivery: Delivery,
  notice: ForumMessage,
  signal: AbortSignal,
): Promise<Sent> {
  const t = wordsFor(delivery);
  const { replyId = "" } = notice.data;
  const before = read(delivery.remembered);
  const places = (before.replies[replyId] ?? []).map(placeOf);
  const isCorrection = notice.type === "referral.corrected";
  const parts = isCorrection
    ? ((await partsOf(desk, delivery, notice)) ?? [])
    : renderRetracted(delivery, notice, t);
  const [first] = places;
  // Nothing known to change: what there is to say is said under the post.
  const target: Target | Failure = first
    ? { guild: guildOf(delivery), channel: first.channel, replyTo: first.message, channels: [first.channel] }
    : await targetOf(desk, delivery, notice.data.post, signal);
  if ("outcome" in target) return target;
  for (const [i, place] of places.entries()) {
    const to = parts[i];
    if (!to) {
      await desk.memories.dropMessage(place.message);
      await remove(desk, place, signal);
    } else if ((await change(desk, delivery, place, { to, t, signal })) === "gone" && isCorrection)
      return { outcome: "refused", reason: "message-gone" };
  }
  const kept = places.slice(0, parts.length);
  const more = parts.slice(places.length);
  const added =
    more.length === 0 ? [] : await postParts(desk, delivery, more, target, { signal, offset: places.length });
  if ("outcome" in added) return added;
  await watch(desk, notice, added);
  return delivered(delivery, notice, target, [...kept, ...added]);
}

const guildOf = ({ address }: Delivery): string | null =>
  typeof address.guildId === "string" ? address.guildId : null;

/** Blanks every message about the referral. */
async function blank(desk: Desk, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const t = wordsFor(delivery);
  const { replies, others } = read(delivery.remembered);
  for (const place of [...Object.values(replies).flat(), ...others].map(placeOf))
    await change(desk, delivery, place, { to: body(t("removed")), t, signal });
  return { outcome: "delivered", remember: { replies, others } };
}

const posting = ["referral.consent_requested", "referral.question", "referral.replied", "referral.closed"];

/** Looks a send up by its mark in the small print of what we said since it was written. A change may be made twice. */
export async function find(desk: Desk, delivery: Delivery, signal: AbortSignal): Promise<Found> {
  const { notice } = delivery;
  if (notice.type === "clinic") return findAnnounced(desk, delivery, notice.data, signal);
  if (
    notice.audience !== "forum" ||
    notice.type === "redact" ||
    notice.type === "ping" ||
    !posting.includes(notice.type)
  )
    return { outcome: "absent" };
  try {
    const target = await targetOf(desk, delivery, notice.data.post, signal);
    if ("outcome" in target) return { outcome: "absent" };
    const asked = (await desk.memories.readPost(notice.data.externalId))?.asked;
    const isAsking = notice.type === "referral.consent_requested";
    const direct = isAsking && asked ? await directTo(desk, asked, signal) : null;
    if (direct && "outcome" in direct) return { outcome: "unknown", reason: direct.reason };
    const parts = isAsking ? 1 : ((await partsOf(desk, delivery, notice))?.length ?? 0);
    const channels = [...(direct?.channels ?? []), ...target.channels];
    const wanted = Array.from({ length: parts }, (_, i) => i);
    const found = await lookUp(desk, delivery, { channels, wanted }, signal);
    const places = Array.from({ length: parts }, (_, i) => found.get(i)).filter(
      (place) => place !== undefined,
    );
    // Some of it is there: sending it again adds what is missing.
    if (places.length === 0 || places.length < parts) return { outcome: "absent" };
    const isDirect = direct !== null && places[0]?.channel === direct.channel;
    return delivered(delivery, notice, isDirect ? direct : target, places);
  } catch (error) {
    return { outcome: "unknown", reason: readFailure(error).reason };
  }
}
