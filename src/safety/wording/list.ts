/** What a wording list is made of. The lists themselves are data: `en.ts` and `cy.ts`. */

/** The concerns a list can name, gravest first: where a text raises several, the first of these is reported. */
export const concerns = ["suicide", "child-at-risk", "abuse", "danger-to-others", "self-harm"] as const;
export type Concern = (typeof concerns)[number];

/**
 * Phrases are words in lower case without accents and apostrophes ("dont", "cant"), as `read-words.ts` leaves them.
 *
 * - `kill|killing myself`: one of several words in a place.
 * - `own?`: the word may be missing. `own|very?` likewise.
 * - `suicid*`: any word that begins so.
 * - `_`: at most one word, any. `...`: at most five words, any.
 * - `.`: the end of a sentence or of the text. No phrase goes on over it.
 */
export type Phrase = string;

export interface WordingList {
  id: string;
  /** The role that decides what is in the list. */
  owner: string;
  /** The day of the last change, which is also the list's version. */
  version: string;
  /** The day the owner last read the whole list; null until somebody has. */
  reviewed: string | null;
  concerns: Readonly<Partial<Record<Concern, readonly Phrase[]>>>;
  /** Phrases that are not meant so. A phrase above that lies wholly inside one of these is not reported. */
  falseAlarms: readonly Phrase[];
}
