import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { lengths } from "../contract/bodies.ts";
import type { ReferralView } from "../contract/core-api.ts";
import type { Deps } from "../deps.ts";
import type { Turn } from "./turn.ts";

/** One verb: its name, the body it takes, and what it does in a turn. `answers` 202 when the forum has yet to confirm. */
export interface Verb<Body = unknown> {
  name: string;
  body: z.ZodType<Body>;
  answers: 200 | 202;
  /** Reads without a lock and relies on the conditional update alone: the race that exactly one wins. */
  races?: boolean;
  /**
   * The verb in its most frequent form with as few statements as it takes: the referral as it then stands, or null where
   * it takes a whole turn to tell. Refuses as `act` would.
   */
  atOnce?(deps: Deps, reference: string, actor: Actor): Promise<ReferralView | null>;
  /** Only the product itself and a forum's events use it; it has no address of its own. */
  internal?: boolean;
  act(turn: Turn, body: Body): Promise<void>;
}

/** Declares a verb with the type of its body. */
export const defineVerb = <Body>(verb: Omit<Verb<Body>, "answers"> & { answers?: 202 }): Verb<Body> => ({
  answers: 200,
  ...verb,
});

export const Empty = z.strictObject({});
export const text = z.string().trim().min(1).max(lengths.text);
export const replyText = z.string().trim().min(1).max(lengths.reply);
export const reason = z.string().trim().min(1).max(lengths.reason);
export const handle = z.string().min(1).max(lengths.id);
