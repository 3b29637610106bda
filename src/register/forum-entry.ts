import { z } from "zod";
import { ForumConsent, InterventionModel, Language } from "../contract/vocabulary.ts";
import { DirectoryFacts } from "./directory-facts.ts";
import {
  Day,
  Description,
  DiscordId,
  Formerly,
  listOf,
  Name,
  ShortText,
  SlackTeam,
  SlackUser,
  Slug,
  WebAddress,
} from "./fields.ts";

/**
 * What a forum's administrators agreed, with whom and when: one `model`, or several `models`. `perDepartment` names
 * exceptions. `none` stands alone: a forum that wants nobody cannot also want somebody.
 */
export const Intervention = z
  .strictObject({
    model: InterventionModel.optional(),
    models: listOf(InterventionModel, 3).min(1).optional(),
    agreedOn: Day,
    agreedWith: Name,
    perDepartment: z.record(Slug, InterventionModel).optional(),
    /** Anybody may put a question to a clinic here from the clinic's own page, without a moderator. */
    publicQuestions: z.boolean().optional(),
  })
  .refine((agreed) => (agreed.model === undefined) !== (agreed.models === undefined), {
    error: "Give either `model` or `models`.",
  })
  .refine((agreed) => !agreed.models || agreed.models.length === 1 || !agreed.models.includes("none"), {
    path: ["models"],
    error: "`none` cannot stand beside another model.",
  });
export type Intervention = z.infer<typeof Intervention>;

/** A number somebody published about a forum, with its day (or year) and who says so. */
export const ForumFigure = z.strictObject({
  what: Name,
  value: z.number().nonnegative(),
  date: z
    .string()
    .regex(/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/, { error: "Write a date as 2009, 2009-02 or 2009-02-25." }),
  source: ShortText,
});

const forumFields = z.strictObject({
  slug: Slug,
  formerly: Formerly,
  name: Name,
  url: WebAddress.optional(),
  description: Description.optional(),
  runBy: Name.optional(),
  /** Name of an adapter. A forum that is only listed needs none. */
  platform: Slug.optional(),
  /** Null: nothing agreed. */
  intervention: Intervention.nullable().default(null),
  consent: ForumConsent.default("moderator"),
  under18: z.boolean().default(false),
  language: Language.default("en"),
  audience: listOf(Name, 50).default([]),
  topics: listOf(Slug, 500).default([]),
  /** Departments this forum's questions most often belong to. */
  departments: listOf(Slug, 50).default([]),
  callbackUrl: WebAddress.optional(),
  discord: z.strictObject({ guildId: DiscordId }).optional(),
  /** `moderators`: who may refer there beside the workspace's own admins. */
  slack: z.strictObject({ teamId: SlackTeam, moderators: listOf(SlackUser, 500).optional() }).optional(),
  /** New referrals that one minute may bring. */
  ratePerMinute: z.int().min(1).max(100_000).default(600),
  figures: z.array(ForumFigure).max(100).default([]),
  /** What the public directory says beyond this. */
  directory: DirectoryFacts.optional(),
});

/** Whether any of the models a forum agreed, exceptions included, is one of those named. */
export function hasAgreed(
  forum: { intervention: Intervention | null },
  ...models: InterventionModel[]
): boolean {
  const agreed = forum.intervention;
  if (!agreed) return false;
  const all = [agreed.model, ...(agreed.models ?? []), ...Object.values(agreed.perDepartment ?? {})];
  return all.some((model) => model !== undefined && models.includes(model));
}

/**
 * A forum: an entry of the directory, and, where its administrators agreed to something, how it takes part.
 * A forum for under-18s always asks the member, whatever `consent` says. Referrals and clinics need a `platform`.
 */
export const ForumEntry = forumFields
  .refine((forum) => forum.platform !== undefined || !hasAgreed(forum, "referral", "clinic"), {
    path: ["platform"],
    error: "A forum that agreed to referrals or clinics needs a platform.",
    params: { hint: "Add `platform: webhook`, or the name of another adapter." },
  })
  .transform((forum) => (forum.under18 ? { ...forum, consent: "member" as const } : forum));
export type ForumEntry = z.infer<typeof forumFields>;
