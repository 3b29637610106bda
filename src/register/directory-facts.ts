import { z } from "zod";
import { findAudience } from "../forums/audiences.ts";
import { Day, Description, Email, listOf, Name, ShortText, WebAddress } from "./fields.ts";

export const runByKinds = ["individual", "business", "charity", "public-body", "community"] as const;
export const lifeStates = ["active", "inactive", "defunct", "temporarily_closed"] as const;
export const reachMeasures = [
  "members",
  "active-per-month",
  "posts-per-month",
  "page-views-per-month",
] as const;
/** Bands of a count, each up to the number it ends with; the last has no end. */
export const reachBands = [
  "under-1000",
  "1000-9999",
  "10000-99999",
  "100000-999999",
  "1000000-and-over",
] as const;
export const moderatorBands = ["1-5", "6-20", "21-100", "over-100"] as const;
export const tagSources = ["forum", "editor", "department"] as const;
/** How somebody proved that a forum is theirs. */
const proofs = ["dns-record", "post", "email-at-domain"] as const;
/** What a listing is judged by; all of it can be checked by anybody who can read the forum. */
export const listingCriteria = [
  "peer-support",
  "open-to-join",
  "moderated",
  "active",
  "rules-published",
  "named-owner",
] as const;
export const ListingCriterion = z.enum(listingCriteria);

const AudienceCode = z
  .string()
  .max(80)
  .refine((code) => findAudience(code) !== undefined, {
    error: "The vocabulary has no such audience.",
    params: { hint: "The codes are listed at /data/audiences.csv." },
  });

/** One word of the vocabulary, and who gave it. */
const AudienceTag = z.strictObject({ code: AudienceCode, by: z.enum(tagSources).default("editor") });

/** How many a forum reaches: a number or only a band, on a day, and how it is known. */
const Reach = z
  .strictObject({
    measure: z.enum(reachMeasures),
    value: z.int().nonnegative().optional(),
    band: z.enum(reachBands).optional(),
    on: Day,
    source: z.enum(["self-reported", "measured"]),
  })
  .refine((reach) => (reach.value === undefined) !== (reach.band === undefined), {
    error: "Give either `value` or `band`.",
  });

/**
 * What the directory says of a forum beside its name and address. `liaison` and `proof` are for the people who run the
 * directory and are never published.
 */
export const DirectoryFacts = z.strictObject({
  /** False: takes part without being listed. */
  listed: z.boolean().default(true),
  /** What the forum runs on, such as Discourse. */
  software: Name.optional(),
  /** Languages it is written in, as ISO 639 codes. */
  languages: listOf(
    z.string().regex(/^[a-z]{2,3}$/, { error: "Write a language as its code, such as en." }),
    20,
  ).default([]),
  otherNames: listOf(Name, 20).default([]),
  otherAddresses: listOf(WebAddress, 20).default([]),
  descriptionCy: Description.optional(),
  runByKind: z.enum(runByKinds).optional(),
  moderators: z.enum(moderatorBands).optional(),
  /** Where anybody may write to: an address of a page or of mail. */
  contact: z.union([Email, WebAddress]).optional(),
  liaison: z.strictObject({ name: Name, email: Email.optional() }).optional(),
  proof: z.strictObject({ how: z.enum(proofs), on: Day }).optional(),
  tags: z
    .array(AudienceTag)
    .max(40)
    .refine((tags) => new Set(tags.map(({ code }) => code)).size === tags.length, {
      error: "The same audience stands here twice.",
    })
    .default([]),
  /** Towns, counties and the like, as people call them. */
  places: listOf(Name, 50).default([]),
  reach: z.array(Reach).max(40).default([]),
  rulesForOfficials: ShortText.optional(),
  officialAccounts: listOf(Name, 50).default([]),
  responsePromise: ShortText.optional(),
  moderationHours: ShortText.optional(),
  proposedBy: Name.optional(),
  /** That the forum agreed to be listed, when and to how much of it. Absent: nobody of the forum was asked. */
  consent: z.strictObject({ on: Day, scope: z.enum(["everything", "name-only"]) }).optional(),
  /** Absent: nobody has looked yet. */
  life: z.enum(lifeStates).optional(),
  lastChecked: Day.optional(),
  nextReview: Day.optional(),
  movedTo: WebAddress.optional(),
  /** Taken out of the lists, and why; its page says so. */
  removed: z.strictObject({ on: Day, because: ShortText }).optional(),
  /** The decision to list it, where it was taken before there were proposals, or elsewhere. */
  decision: z
    .strictObject({
      on: Day,
      criteria: z.array(ListingCriterion).max(20).default([]),
      because: ShortText.optional(),
    })
    .optional(),
});
export type DirectoryFacts = z.infer<typeof DirectoryFacts>;

/** The facts of an entry that gives none. */
export const noFacts: DirectoryFacts = DirectoryFacts.parse({});
