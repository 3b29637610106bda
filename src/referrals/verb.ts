import { z } from "zod";
import type { Proof } from "../access/index.ts";
import type { Actor } from "../contract/actor.ts";
import { lengths } from "../contract/bodies.ts";
import type { ReferralView } from "../contract/core-api.ts";
import type { Deps } from "../deps.ts";
import type { Once } from "../idempotency/index.ts";
import { mistakesInForumText } from "./forum-text.ts";
import type { Turn } from "./turn.ts";

/** One call of a verb: on what, with what, by whom. `once` makes a repeat give the first answer. */
export interface Call {
  reference: string;
  body: unknown;
  actor: Actor;
  /** The version the caller last read; refused when it no longer holds. */
  version?: number | undefined;
  once?: Once | undefined;
  /** Of a caller who was known from memory, and whose key is still to be proved. */
  proof?: Proof | undefined;
}

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
  atOnce?(deps: Deps, call: Call): Promise<ReferralView | null>;
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
/** A text that a forum shows: CommonMark without HTML, whose links lead to http or https. Refused rather than rewritten. */
const shownByForums = (schema: z.ZodString) =>
  schema.superRefine((written, context) => {
    if (written.length > lengths.reply) return;
    for (const { says, hint } of mistakesInForumText(written))
      context.addIssue({ code: "custom", message: says, params: { hint } });
  });
export const replyText = shownByForums(z.string().trim().min(1).max(lengths.reply));
export const questionText = shownByForums(text);
export const reason = z.string().trim().min(1).max(lengths.reason);
export const handle = z.string().min(1).max(lengths.id);
