import type { Language } from "../contract/vocabulary.ts";
import { changedKeys } from "../register/content.ts";
import { type DirectoryFacts, noFacts } from "../register/directory-facts.ts";
import type { ForumEntry } from "../register/forum-entry.ts";

/** What the public sees of a forum. Everything in it is published: nothing of a liaison, a proof or a callback. */
export interface PublicEntry
  extends Pick<ForumEntry, "slug" | "name" | "runBy" | "topics" | "departments" | "figures">,
    Pick<
      DirectoryFacts,
      | "software"
      | "otherNames"
      | "otherAddresses"
      | "runByKind"
      | "moderators"
      | "contact"
      | "tags"
      | "places"
      | "reach"
      | "rulesForOfficials"
      | "officialAccounts"
      | "responsePromise"
      | "moderationHours"
      | "proposedBy"
      | "consent"
      | "life"
      | "lastChecked"
      | "nextReview"
      | "movedTo"
      | "removed"
      | "decision"
    > {
  url: string | undefined;
  description: Partial<Record<Language, string>>;
  languages: string[];
  /** The audience in the forum's own words. */
  audience: string[];
  /** Undefined: not shown. */
  under18: boolean | undefined;
  /** Null: nothing agreed. `none`: the forum wants no intervention, which is an agreement too. Undefined: not shown. */
  intervention:
    | {
        models: string[];
        agreedOn: string;
        agreedWith: string;
        perDepartment: Readonly<Record<string, string>>;
      }
    | null
    | undefined;
}

/** Whether the forum agreed to be named and to nothing more being shown, so that what is missing says nothing of it. */
export const isNamedOnly = ({ consent }: Pick<PublicEntry, "consent">): boolean =>
  consent?.scope === "name-only";

function interventionOf({ intervention }: ForumEntry): PublicEntry["intervention"] {
  if (!intervention) return null;
  const { model, models, agreedOn, agreedWith, perDepartment } = intervention;
  return {
    models: models ?? (model ? [model] : []),
    agreedOn,
    agreedWith,
    perDepartment: perDepartment ?? {},
  };
}

/**
 * What is left of an entry whose forum agreed to no more than its name and address: these, whether it still lives and when
 * that was looked at, and how it came to be listed. All else is left out by not being named here.
 */
function nameOnly(entry: PublicEntry): PublicEntry {
  const { slug, name, url, life, lastChecked, nextReview, consent, decision, removed } = entry;
  return {
    ...{ slug, name, url, life, lastChecked, nextReview, consent, decision, removed },
    description: {},
    languages: [],
    audience: [],
    topics: [],
    departments: [],
    figures: [],
    reach: [],
    tags: [],
    places: [],
    otherNames: [],
    otherAddresses: [],
    officialAccounts: [],
    under18: undefined,
    intervention: undefined,
    runBy: undefined,
    runByKind: undefined,
    software: undefined,
    moderators: undefined,
    contact: undefined,
    rulesForOfficials: undefined,
    responsePromise: undefined,
    moderationHours: undefined,
    proposedBy: undefined,
    movedTo: undefined,
  };
}

/** All that could be published of an entry, whether or not its forum agreed to it, as the register has it. */
export function wholeEntry(entry: ForumEntry): PublicEntry {
  const facts = entry.directory ?? noFacts;
  const { listed: _listed, liaison: _liaison, proof: _proof, descriptionCy, languages, ...shown } = facts;
  const { slug, name, url, description, runBy, topics, departments, figures, under18, language } = entry;
  const inEnglish = language === "cy" && descriptionCy === undefined ? undefined : description;
  const inWelsh = descriptionCy ?? (language === "cy" ? description : undefined);
  return {
    ...shown,
    slug,
    name,
    url,
    runBy,
    topics,
    departments,
    figures,
    under18,
    audience: entry.audience,
    languages,
    description: { ...(inEnglish ? { en: inEnglish } : {}), ...(inWelsh ? { cy: inWelsh } : {}) },
    intervention: interventionOf(entry),
  };
}

/** The public part of an entry; null where it is not to be listed. */
export function publicEntry(entry: ForumEntry): PublicEntry | null {
  if (entry.directory?.listed === false) return null;
  const whole = wholeEntry(entry);
  const shown = whole.languages.length > 0 ? whole : { ...whole, languages: [entry.language] };
  return isNamedOnly(shown) ? nameOnly(shown) : shown;
}

/** Names of the fields in which two versions of an entry differ. A field without a value is one that is not there. */
export const changedFields = (before: object, after: object): string[] =>
  changedKeys(withValues(before), withValues(after)).sort();

const withValues = (entry: object): object =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
