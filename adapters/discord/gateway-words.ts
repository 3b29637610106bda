import { z } from "zod";

/** What the server tells the process that holds the gateway, once. */
export const Opening = z.object({
  type: z.literal("open"),
  token: z.string(),
  apiUrl: z.string().nullable(),
});
export type Opening = z.infer<typeof Opening>;

/** Somebody's answer to a message of ours. */
export const Heard = z.object({
  id: z.string(),
  guild: z.string(),
  channel: z.string(),
  author: z.string(),
  isModerator: z.boolean(),
  /** Empty where Discord does not show it. */
  content: z.string(),
  /** What our message says. */
  answered: z.string(),
});
export type Heard = z.infer<typeof Heard>;

/** Messages that somebody took away, in a server. */
export const Deleted = z.object({ guild: z.string(), messages: z.array(z.string()) });
export type Deleted = z.infer<typeof Deleted>;

/** Why no other attempt can help until somebody changes something. */
export const Hopeless = z.enum(["token-refused", "intents-refused", "gateway-refused"]);
export type Hopeless = z.infer<typeof Hopeless>;

/** What the process that holds the gateway tells the server. */
export const Told = z.discriminatedUnion("type", [
  z.object({ type: z.literal("alive") }),
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("interaction"), interaction: z.unknown() }),
  z.object({ type: z.literal("heard"), heard: Heard }),
  z.object({ type: z.literal("deleted"), deleted: Deleted }),
  z.object({ type: z.literal("hopeless"), reason: Hopeless }),
]);
export type Told = z.infer<typeof Told>;
