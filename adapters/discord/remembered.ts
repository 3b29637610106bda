import { z } from "zod";
import type { Delivery } from "../../src/contract/adapter.ts";
import type { ForumMessage } from "../../src/contract/notice.ts";
import type { Place } from "./look-up.ts";
import type { Target } from "./places.ts";

/** Where everything stands that we have said about a referral: replies by their id, and the rest. Places are `channel/message`. */
const Remembered = z.object({
  replies: z.record(z.string(), z.array(z.string())).default({}),
  others: z.array(z.string()).default([]),
});
type Remembered = z.infer<typeof Remembered>;

export const read = (remembered: unknown): Remembered =>
  Remembered.safeParse(remembered).data ?? { replies: {}, others: [] };
const written = ({ channel, message }: Place): string => `${channel}/${message}`;
export const placeOf = (text: string): Place => {
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

/** What a send comes to that has been made: where it is read, and what to remember of it. */
export function delivered(
  delivery: Delivery,
  { data }: ForumMessage,
  target: Target,
  places: readonly Place[],
) {
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

export const guildOf = ({ address }: Delivery): string | null =>
  typeof address.guildId === "string" ? address.guildId : null;
