import { z } from "zod";
import { ConsentBasis, Language, Nation, Result, Urgency } from "./vocabulary.ts";

/** Longest texts in characters: an excerpt a moderator chose, a reply as the forum shows it, anything short. */
export const lengths = {
  title: 200,
  excerpt: 4000,
  reply: 10_000,
  text: 4000,
  reason: 1000,
  id: 200,
  url: 2000,
} as const;

const text = (max: number) => z.string().trim().min(1).max(max);
const webAddress = z.url({ protocol: /^https?$/ }).max(lengths.url);

/** What a forum sends to refer a post. Unknown keys are refused. */
export const ReferralBody = z.strictObject({
  title: text(lengths.title).optional(),
  excerpt: text(lengths.excerpt),
  url: webAddress,
  topic: z.string().min(1).max(lengths.id).optional(),
  board: z.string().min(1).max(lengths.id).optional(),
  externalId: z.string().min(1).max(lengths.id).optional(),
  member: z.string().min(1).max(lengths.id).optional(),
  moderator: z.string().min(1).max(lengths.id),
  consent: ConsentBasis,
  urgency: Urgency.default("normal"),
  concern: z.boolean().default(false),
  nation: Nation.optional(),
  area: z.string().min(1).max(lengths.id).optional(),
  language: Language.optional(),
  audience: z.array(z.string().min(1).max(lengths.id)).max(10).default([]),
  note: text(lengths.text).optional(),
});
export type ReferralBody = z.infer<typeof ReferralBody>;

/** A question for a clinic's next session: a referral's body, and which clinic it is for. */
export const QuestionBody = ReferralBody.extend({ clinic: z.string().min(1).max(80) });
export type QuestionBody = z.infer<typeof QuestionBody>;

const reference = z.string().min(1).max(40);
const saidByForum = z.enum(["member", "moderator"]);

/** What a forum reports about a referral it made. A signed event may speak for the member, a bare key may not. */
export const ForumEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("member.consent"), reference, given: z.boolean() }),
  z.strictObject({ type: z.literal("member.answered"), reference, text: text(lengths.text) }),
  z.strictObject({
    type: z.literal("followed_up"),
    reference,
    text: text(lengths.text),
    saidBy: saidByForum,
  }),
  z.strictObject({ type: z.literal("member.withdrew"), reference }),
  z.strictObject({ type: z.literal("post.edited"), reference, excerpt: text(lengths.excerpt) }),
  z.strictObject({ type: z.literal("post.deleted"), reference, byMember: z.boolean() }),
  z.strictObject({ type: z.literal("reply.posted"), reference, url: webAddress }),
  z.strictObject({ type: z.literal("question.posted"), reference, url: webAddress }),
  z.strictObject({ type: z.literal("consent.posted"), reference, url: webAddress }),
  z.strictObject({ type: z.literal("reply.held"), reference }),
  z.strictObject({ type: z.literal("reply.removed"), reference }),
  z.strictObject({ type: z.literal("feedback"), reference, result: Result, saidBy: saidByForum }),
]);
export type ForumEvent = z.infer<typeof ForumEvent>;
