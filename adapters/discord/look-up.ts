import { z } from "zod";
import type { Delivery } from "../../src/contract/adapter.ts";
import type { Desk } from "./desk.ts";
import { markOf } from "./render.ts";
import { codeOf, MoreToRead } from "./rest.ts";

/** Where a message stands. */
export interface Place {
  channel: string;
  message: string;
}

/** Discord's codes, from its documentation (topics/opcodes-and-status-codes). */
export const codes = {
  unknownMessage: 10008,
  unknownChannel: 10003,
  cannotDm: 50007,
  noAccess: 50001,
  noPermission: 50013,
  archived: 50083,
  noHistory: 160002,
} as const;

const History = z.array(
  z.object({ id: z.string(), content: z.string(), author: z.object({ bot: z.boolean().optional() }) }),
);

/** A little before the delivery was written, for clocks that differ. */
const marginMs = 5 * 60_000;
const discordEpochMs = 1_420_070_400_000n;
const pageSize = 100;
/** Most pages of a channel that one look-up reads; the next one goes on behind them. */
const mostPages = 10;

/**
 * Those of a delivery's `wanted` parts that are in these channels, by their number. Ends with the last that is wanted. Throws
 * where it cannot be known yet: how far a channel has been read is kept, so that a busy one takes several look-ups.
 */
export async function lookUp(
  desk: Desk,
  delivery: Delivery,
  { channels, wanted }: { channels: readonly string[]; wanted: readonly number[] },
  signal: AbortSignal,
): Promise<Map<number, Place>> {
  const found = new Map<number, Place>();
  for (const channel of channels) {
    if (wanted.every((part) => found.has(part))) break;
    await search(desk, delivery, { channel, wanted, found }, signal);
  }
  return found;
}

async function search(
  desk: Desk,
  delivery: Delivery,
  { channel, wanted, found }: { channel: string; wanted: readonly number[]; found: Map<number, Place> },
  signal: AbortSignal,
): Promise<void> {
  const { call, memories } = desk;
  const since = BigInt(delivery.createdAt.getTime() - marginMs) - discordEpochMs;
  const read = await memories.readSearch(delivery.id, channel);
  for (const [part, message] of read?.found ?? [])
    if (await isThere(desk, { channel, message }, signal)) found.set(part, { channel, message });
  let after = read === null ? (since > 0n ? since << 22n : 0n) : BigInt(read.after);
  const path = `/channels/${channel}/messages` as const;
  const keep = () => {
    const here = [...found].filter(([, place]) => place.channel === channel);
    const seen = here.map(([part, { message }]): [number, string] => [part, message]);
    return memories.keepSearch(delivery.id, channel, { after: String(after), found: seen });
  };
  try {
    for (let page = 0; page < mostPages; page += 1) {
      const query = { limit: String(pageSize), after: String(after) };
      const messages = History.parse(await call({ method: "GET", path, query, signal }));
      for (const { id, content, author } of messages) {
        const part = author.bot === true ? partOf(delivery, content) : null;
        if (part !== null) found.set(part, { channel, message: id });
        if (BigInt(id) > after) after = BigInt(id);
      }
      if (messages.length < pageSize || wanted.every((part) => found.has(part))) return;
    }
  } catch (error) {
    // A channel that has been deleted holds nothing of ours any more.
    if (codeOf(error) === codes.unknownChannel) return;
    await keep();
    throw error;
  }
  await keep();
  throw new MoreToRead("The channel has more messages than one look-up reads.");
}

/** Whether one of our messages stands yet, as far as we may look. */
export async function isThere(
  { call }: Desk,
  { channel, message }: Place,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await call({ method: "GET", path: `/channels/${channel}/messages/${message}`, signal });
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === codes.unknownMessage || code === codes.unknownChannel) return false;
    // It may be changed by whoever may not read it.
    if (code === codes.noAccess || code === codes.noPermission) return true;
    throw error;
  }
}

function partOf(delivery: Delivery, content: string): number | null {
  const [, mark, part] = /^-# .* · ([0-9a-f]{10})\.(\d{1,3})$/m.exec(content.split("\n").at(-1) ?? "") ?? [];
  const i = Number(part) - 1;
  return mark !== undefined && `${mark}.${part}` === markOf(delivery, i) ? i : null;
}
