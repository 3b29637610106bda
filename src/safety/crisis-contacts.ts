import { z } from "zod";
import { Language, type Nation, Nation as NationSchema } from "../contract/vocabulary.ts";
import { type Concern, concerns } from "./wording/list.ts";

/** What may be said about whom to call. The contacts are data (`default-contacts.ts`), which an operator can replace. */

const InBothLanguages = z.strictObject({ en: z.string().min(1).max(300), cy: z.string().min(1).max(300) });

const CrisisContact = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  /** Concerns it helps with; "any" for everyone in danger. */
  concerns: z.array(z.enum(["any", ...concerns])).min(1),
  /** Where it may be called from. */
  nations: z.array(NationSchema).min(1),
  /** Languages it answers in. */
  languages: z.array(Language).min(1),
  text: InBothLanguages,
  phone: z.string().regex(/^[0-9 ]{3,15}$/),
  hours: InBothLanguages,
  source: z.url({ protocol: /^https$/ }),
  checkedOn: z.iso.date(),
});
export type CrisisContact = z.infer<typeof CrisisContact>;

export const CrisisContacts = z
  .strictObject({ asOf: z.iso.date(), contacts: z.array(CrisisContact).min(1).max(60) })
  .refine(({ contacts }) => new Set(contacts.map(({ code }) => code)).size === contacts.length, {
    message: "Two contacts have the same code.",
  })
  .refine(({ contacts }) => contacts.some(isEmergency), {
    message: "The emergency number 999 is missing, for any concern and in all four nations.",
  });
export type CrisisContacts = z.infer<typeof CrisisContacts>;

function isEmergency(contact: CrisisContact): boolean {
  return (
    contact.phone === "999" &&
    contact.concerns.includes("any") &&
    NationSchema.options.every((nation) => contact.nations.includes(nation))
  );
}

export type ParsedContacts = { ok: true; contacts: CrisisContacts } | { ok: false; mistakes: string[] };

/**
 * Reads an operator's contacts from JSON text. Refuses what is not well formed, has an unknown key, a source that is not
 * https, or lacks 999; each mistake is a sentence that begins with where it is.
 */
export function parseCrisisContacts(json: string): ParsedContacts {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, mistakes: ["The file is not well-formed JSON."] };
  }
  const parsed = CrisisContacts.safeParse(value);
  if (parsed.success) return { ok: true, contacts: parsed.data };
  return {
    ok: false,
    mistakes: parsed.error.issues.map(({ path, message }) => `/${path.join("/")}: ${message}`),
  };
}

export interface Advice {
  text: string;
  phone: string;
  hours: string;
}

export interface AdviceQuestion {
  /** The `code` of a finding; a concern no contact names gets those for anybody. */
  concern: Concern | (string & {});
  nation?: Nation | undefined;
  language?: Language | undefined;
}

/** 999 first; then a line in the language asked for; then those for the whole country before those of one nation. */
function rank(contact: CrisisContact, language: Language): number {
  if (isEmergency(contact)) return 0;
  if (language === "cy" && contact.languages.includes("cy") && !contact.languages.includes("en")) return 1;
  return contact.nations.length === NationSchema.options.length ? 2 : 3;
}

/**
 * Whom a moderator can point to at once, best first: 999 always leads.
 *
 * Contacts are those for the concern, in the member's nation where it is known and in every nation where not; a line
 * that answers in Welsh only is given when Welsh is asked for or the member is in Wales. Words are in the language asked
 * for, English by default. Nothing is promised beyond what the contact's own page says.
 */
export function adviceFor(question: AdviceQuestion, { contacts }: CrisisContacts): Advice[] {
  const language = question.language ?? "en";
  const isOffered = (contact: CrisisContact): boolean => {
    if (isEmergency(contact)) return true;
    if (question.nation && !contact.nations.includes(question.nation)) return false;
    if (!contact.languages.includes("en") && language !== "cy" && question.nation !== "wales") return false;
    return contact.concerns.some((concern) => concern === "any" || concern === question.concern);
  };
  return contacts
    .filter(isOffered)
    .map((contact, order) => ({ contact, order }))
    .sort((a, b) => rank(a.contact, language) - rank(b.contact, language) || a.order - b.order)
    .map(({ contact }) => ({
      text: contact.text[language],
      phone: contact.phone,
      hours: contact.hours[language],
    }));
}

/** Days after which a contact should be checked again: half a year. */
export const contactsStaleAfterDays = 180;

const dayMs = 86_400_000;

/** Contacts whose last check is more than 180 days before `now`, oldest first; `doctor` shows them. */
export function staleContacts(
  now: Date,
  { contacts }: CrisisContacts,
): { code: string; checkedOn: string; source: string }[] {
  return contacts
    .filter(({ checkedOn }) => now.getTime() - Date.parse(checkedOn) > contactsStaleAfterDays * dayMs)
    .sort((a, b) => a.checkedOn.localeCompare(b.checkedOn))
    .map(({ code, checkedOn, source }) => ({ code, checkedOn, source }));
}
