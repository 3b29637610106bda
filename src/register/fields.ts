import { z } from "zod";

/** A short lower-case name that stands in addresses and keys: `dwp-universal-credit`. `triage` means no pool. */
export const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: "Write lower-case letters, digits and single hyphens." });

/** Whether a text can name anything: what cannot is asked for nowhere, because the database refuses some of it. */
export const isSlug = (text: string): boolean => Slug.safeParse(text).success;

/** Handle of a person: `amal.h`. Shown to colleagues, never published. */
export const Handle = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/, {
    error: "Write lower-case letters and digits, with single dots, hyphens or underlines between.",
  });

/** Said of a text with NUL or half of a surrogate pair, which the database refuses. */
export const oddCharacter = "This text holds a character that cannot be kept.";
export const hasOddCharacter = (text: string): boolean => /\0|\p{Surrogate}/u.test(text);

/** Plain text of at most so many characters. */
export const textOf = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !hasOddCharacter(text), { error: oddCharacter });

export const Name = z.string().trim().min(1).max(200);
export const ShortText = z.string().trim().min(1).max(1000);

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
/** The most characters of a description's first sentence: lists and search results show it alone. */
const longestFirstSentence = 140;

/** What something is: one sentence that can stand alone, then as much as there is to say. */
export const Description = ShortText.refine(
  (text) => {
    const [first] = sentences.segment(text);
    return [...(first?.segment.trim() ?? "")].length <= longestFirstSentence;
  },
  {
    error: `The first sentence is longer than ${longestFirstSentence} characters.`,
    params: { hint: "End it sooner; what follows may be longer." },
  },
);

export const Day = z.iso.date({ error: "Write a date as YYYY-MM-DD." });
export const Email = z.email({ error: "This is not an email address." }).max(254);

function isPlainAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && url.username === "" && url.password === "";
}

/** An http or https address without a name and password in it. */
export const WebAddress = z
  .url({ protocol: /^https?$/, error: "Write an address that begins with https:// or http://." })
  .max(2000)
  .refine(isPlainAddress, { error: "Leave the name and password out of the address." });

function slackId(letters: string, example: string) {
  const shape = new RegExp(`^[${letters}][A-Z0-9]{0,39}$`);
  return z.string().refine((text) => shape.test(text), {
    error: "This is not the id that Slack shows.",
    params: { hint: `Slack's ids look like ${example}.` },
  });
}

export const SlackChannel = slackId("CGD", "C0123456789");
export const SlackUser = slackId("UW", "U0123456789");
export const SlackTeam = slackId("TE", "T0123456789");

export const DiscordId = z
  .string({ error: 'Write the id in quotes: "123456789012345678". As a number it would lose digits.' })
  .regex(/^\d{1,20}$/, { error: "An id of Discord consists of digits." });

/** A list without repeats. */
export function listOf<T extends z.ZodType<string>>(item: T, max: number) {
  return z
    .array(item)
    .max(max)
    .refine((values) => new Set(values).size === values.length, {
      error: "The same value appears twice.",
    });
}

/** Slugs this entry had before, so that what refers to it follows a rename. */
export const Formerly = listOf(Handle, 20).optional();
