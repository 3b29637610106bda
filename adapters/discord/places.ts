import { z } from "zod";
import type { Delivery, Sent } from "../../src/contract/adapter.ts";
import { type Body, body, type Desk } from "./desk.ts";
import { codes, lookUp, type Place } from "./look-up.ts";
import { nonceOf, type Parts } from "./render.ts";
import { asUnknown, codeOf, readFailure } from "./rest.ts";
import type { Say } from "./words.ts";

export type Failure = Exclude<Sent, { outcome: "delivered" }>;

/** Where what we say about a post goes. */
export interface Target {
  guild: string | null;
  channel: string;
  /** The message to answer; null where there is none any more, or its thread is the place. */
  replyTo: string | null;
  /** Where an earlier attempt may have posted. */
  channels: string[];
}

const postUrl =
  /^https:\/\/(?:(?:canary|ptb)\.)?discord(?:app)?\.com\/channels\/(\d{1,20})\/(\d{1,20})(?:\/(\d{1,20}))?$/;
const WithThread = z.object({ thread: z.object({ id: z.string() }).optional() });
const Posted = z.object({ id: z.string() });

/** The place of a notice: under the post it is about, or in that message's thread. Only in the forum's own server. */
export async function targetOf(
  { call }: Desk,
  delivery: Delivery,
  post: string | null,
  signal: AbortSignal,
): Promise<Target | Failure> {
  const [, guild, channel, message] = postUrl.exec(post ?? "") ?? [];
  if (!guild || !channel) return { outcome: "refused", reason: "no-post" };
  if (delivery.address.guildId !== guild) return { outcome: "refused", reason: "other-server" };
  if (!message) return { guild, channel, replyTo: null, channels: [channel] };
  try {
    const found = await call({ method: "GET", path: `/channels/${channel}/messages/${message}`, signal });
    const thread = WithThread.safeParse(found).data?.thread?.id;
    if (thread === undefined) return { guild, channel, replyTo: message, channels: [channel] };
    return { guild, channel: thread, replyTo: null, channels: [thread, channel] };
  } catch (error) {
    // Not knowing of a thread keeps nobody from answering in the channel.
    const replyTo = codeOf(error) === codes.unknownMessage ? null : message;
    return { guild, channel, replyTo, channels: [channel] };
  }
}

/**
 * Posts what is not there yet, in order; `offset` is the number of the first. What an earlier attempt may have posted is
 * looked up and left alone. Where Discord refuses a part for ever, those before it are taken away again.
 */
export async function postParts(
  desk: Desk,
  delivery: Delivery,
  parts: Parts,
  target: Target,
  { signal, offset = 0 }: { signal: AbortSignal; offset?: number },
): Promise<Place[] | Failure> {
  // One message that was surely not posted is not there; of several, the first ones may be.
  const isSomeThere = delivery.uncertain || (delivery.attempt > 1 && parts.length + offset > 1);
  const search = { channels: target.channels, wanted: parts.map((_, at) => at + offset) };
  const places: Place[] = [];
  let there = new Map<number, Place>();
  try {
    if (isSomeThere) there = await lookUp(desk, delivery, search, signal);
  } catch (error) {
    return failureOf(delivery, error);
  }
  try {
    for (const [at, part] of parts.entries()) {
      const i = at + offset;
      const replyTo = i === 0 ? target.replyTo : null;
      places.push(
        there.get(i) ??
          (await postOne(desk, delivery, { part, i, replyTo, channel: target.channel, signal })),
      );
    }
    return places;
  } catch (error) {
    const failure = readFailure(error);
    return failure.outcome === "refused"
      ? withdraw(desk, delivery, { places, channels: target.channels, failure }, signal)
      : failure;
  }
}

/** A failure before an earlier attempt was looked up: what may have been applied stays so. */
export function failureOf({ uncertain }: Delivery, error: unknown): Failure {
  const failure = readFailure(error);
  return uncertain && failure.outcome === "retry" ? asUnknown(failure) : failure;
}

/** Half a reply, of which nobody would know any more, is taken away before it is given up. */
async function withdraw(
  desk: Desk,
  delivery: Delivery,
  { places, channels, failure }: { places: Place[]; channels: string[]; failure: Failure },
  signal: AbortSignal,
): Promise<Failure> {
  try {
    for (const channel of channels) await desk.memories.dropSearch(delivery.id, channel);
    for (const place of places) await remove(desk, place, signal);
    return failure;
  } catch (error) {
    return readFailure(error);
  }
}

interface One {
  part: Body;
  i: number;
  channel: string;
  replyTo: string | null;
  signal: AbortSignal;
}

async function postOne(
  { call }: Desk,
  delivery: Delivery,
  { part, i, channel, replyTo, signal }: One,
): Promise<Place> {
  const send = (reference: object) =>
    call({
      method: "POST",
      path: `/channels/${channel}/messages`,
      body: { ...part, ...reference, nonce: nonceOf(delivery, i), enforce_nonce: true },
      signal,
    });
  const reference = { message_reference: { message_id: replyTo, fail_if_not_exists: false } };
  try {
    const { id } = Posted.parse(await send(replyTo === null ? {} : reference));
    return { channel, message: id };
  } catch (error) {
    if (codeOf(error) !== codes.noHistory) throw error;
    const { id } = Posted.parse(await send({}));
    return { channel, message: id };
  }
}

/** Changes one of our messages, or says that it is not there. In an archived thread a word of ours opens it first. */
export async function change(
  { call }: Desk,
  delivery: Delivery,
  { channel, message }: Place,
  { to, t, signal }: { to: Body; t: Say; signal: AbortSignal },
): Promise<"changed" | "gone"> {
  const path = `/channels/${channel}/messages/${message}` as const;
  const edit = () => call({ method: "PATCH", path, body: to, signal });
  try {
    try {
      await edit();
    } catch (error) {
      if (codeOf(error) !== codes.archived) throw error;
      const word = { ...body(t("reopened")), nonce: nonceOf(delivery, 99), enforce_nonce: true };
      await call({ method: "POST", path: `/channels/${channel}/messages`, body: word, signal });
      await edit();
    }
    return "changed";
  } catch (error) {
    const code = codeOf(error);
    if (code === codes.unknownMessage || code === codes.unknownChannel) return "gone";
    throw error;
  }
}

/** Takes one of our messages away; one that is gone is gone. */
export async function remove(
  { call }: Desk,
  { channel, message }: Place,
  signal: AbortSignal,
): Promise<void> {
  try {
    await call({ method: "DELETE", path: `/channels/${channel}/messages/${message}`, signal });
  } catch (error) {
    const code = codeOf(error);
    if (code !== codes.unknownMessage && code !== codes.unknownChannel) throw error;
  }
}
