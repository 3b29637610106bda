import { z } from "zod";
import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { ForumMessage } from "../../src/contract/notice.ts";
import { announce, findAnnounced } from "./announce.ts";
import { body, type Desk } from "./desk.ts";
import { codes, isThere, lookUp, type Place } from "./look-up.ts";
import { change, type Failure, failureOf, postParts, remove, type Target, targetOf } from "./places.ts";
import { delivered, guildOf, placeOf, read } from "./remembered.ts";
import {
  type Parts,
  renderClosed,
  renderConsent,
  renderConsentInPublic,
  renderQuestion,
  renderReply,
  renderRetracted,
} from "./render.ts";
import { asUnknown, codeOf, readFailure } from "./rest.ts";
import { type Say, wordsOf } from "./words.ts";

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
    return failureOf(delivery, error);
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

/** Asks the member in private; where they take no messages, under their post, without a word of what it is about. */
async function ask(desk: Desk, delivery: Delivery, notice: ForumMessage, signal: AbortSignal): Promise<Sent> {
  const post = await desk.memories.readPost(notice.data.externalId);
  const tag = await tagFor(desk, notice);
  const target = await targetOf(desk, delivery, notice.data.post, signal);
  if ("outcome" in target) return target;
  const asking = { tag, guild: target.guild ?? "", t: wordsFor(delivery) };
  if (post?.asked) {
    const direct = await directTo(desk, delivery, post.asked, signal);
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
async function directTo(
  { call }: Desk,
  delivery: Delivery,
  user: string,
  signal: AbortSignal,
): Promise<Target | Failure | null> {
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
    return code === codes.cannotDm || code === 10013 ? null : failureOf(delivery, error);
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
  const places = (read(delivery.remembered).replies[replyId] ?? []).map(placeOf);
  const isCorrection = notice.type === "referral.corrected";
  const parts = isCorrection
    ? ((await partsOf(desk, delivery, notice)) ?? [])
    : renderRetracted(delivery, notice, t);
  const [first] = places;
  // Nothing known to change: what there is to say is said under the post.
  if (!first) return sayAnew(desk, delivery, notice, { parts, places }, signal);
  if (isCorrection) {
    const there = await areThere(desk, places, signal);
    if (there.length === 0) return messageGone;
    if (there.length < places.length) return sayAnew(desk, delivery, notice, { parts, places }, signal);
  }
  for (const [i, place] of places.entries()) {
    const to = parts[i];
    if (!to) await takeAway(desk, place, signal);
    else if ((await change(desk, delivery, place, { to, t, signal })) === "gone" && isCorrection)
      return places.length === 1 ? messageGone : sayAnew(desk, delivery, notice, { parts, places }, signal);
  }
  const { channel, message } = first;
  const target = { guild: guildOf(delivery), channel, replyTo: message, channels: [channel] };
  const more = parts.slice(places.length);
  const added =
    more.length === 0 ? [] : await postParts(desk, delivery, more, target, { signal, offset: places.length });
  if ("outcome" in added) return added;
  await watch(desk, notice, added);
  return delivered(delivery, notice, target, [...places.slice(0, parts.length), ...added]);
}

const messageGone = { outcome: "refused", reason: "message-gone" } as const;

/** Those of our messages that stand yet. */
async function areThere(desk: Desk, places: readonly Place[], signal: AbortSignal): Promise<Place[]> {
  const there: Place[] = [];
  for (const place of places) if (await isThere(desk, place, signal)) there.push(place);
  return there;
}

/** A message that we take away ourselves is not taken for one that a moderator took. */
async function takeAway(desk: Desk, place: Place, signal: AbortSignal): Promise<void> {
  await desk.memories.dropMessage(place.message);
  await remove(desk, place, signal);
}

/**
 * Says all of it under the post and then takes away what is left of what it replaces: of a reply that has lost a part, no
 * part stays beside the corrected ones.
 */
async function sayAnew(
  desk: Desk,
  delivery: Delivery,
  notice: ForumMessage,
  { parts, places }: { parts: Parts; places: readonly Place[] },
  signal: AbortSignal,
): Promise<Sent> {
  const target = await targetOf(desk, delivery, notice.data.post, signal);
  if ("outcome" in target) return target;
  const posted = await postParts(desk, delivery, parts, target, { signal });
  if ("outcome" in posted) return posted;
  try {
    await watch(desk, notice, posted);
    // A part that an earlier attempt changed where it stood may have been found and kept.
    const kept = posted.map(({ message }) => message);
    for (const place of places) if (!kept.includes(place.message)) await takeAway(desk, place, signal);
  } catch (error) {
    // It is said: what is left to do must not say it again.
    return asUnknown(readFailure(error));
  }
  return delivered(delivery, notice, target, posted);
}

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
    const direct = isAsking && asked ? await directTo(desk, delivery, asked, signal) : null;
    if (direct && "outcome" in direct) return asUnknown(direct);
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
    return asUnknown(readFailure(error));
  }
}
