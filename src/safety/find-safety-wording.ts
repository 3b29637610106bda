import type { Language } from "../contract/vocabulary.ts";
import { createPhraseBook, type Match } from "./phrases.ts";
import { readWords } from "./read-words.ts";
import { cy } from "./wording/cy.ts";
import { en } from "./wording/en.ts";
import { type Concern, concerns, type WordingList } from "./wording/list.ts";

export interface SafetyFinding {
  /** Which list found it. */
  list: string;
  /** The list's version, a date. */
  version: string;
  code: Concern;
}

/** Every list that is read, whatever language a text is declared to be in. */
export const wordingLists: readonly WordingList[] = [en, cy];

interface Label {
  list: WordingList;
  code: Concern;
}

function* concernPhrases(lists: readonly WordingList[]): Iterable<[Label, string]> {
  for (const list of lists) {
    for (const code of concerns) {
      for (const phrase of list.concerns[code] ?? []) yield [{ list, code }, phrase];
    }
  }
}

function* falseAlarmPhrases(lists: readonly WordingList[]): Iterable<[null, string]> {
  for (const list of lists) for (const phrase of list.falseAlarms) yield [null, phrase];
}

function gravity(match: Match<Label>, language: Language | undefined): number {
  return concerns.indexOf(match.label.code) * 2 + (match.label.list.id === language ? 0 : 1);
}

/** Leaves out what lies wholly inside a false alarm. Both come in the order of the words, so one sweep does. */
function withoutExcused(matches: Match<Label>[], excuses: Match<null>[]): Match<Label>[] {
  let next = 0;
  let excusedTo = -1;
  return matches.filter((match) => {
    for (let excuse = excuses[next]; excuse && excuse.start <= match.start; excuse = excuses[next]) {
      excusedTo = Math.max(excusedTo, excuse.end);
      next += 1;
    }
    return match.end > excusedTo;
  });
}

/** Makes a finder from wording lists: for tests, and for an operator's own list. Throws on a phrase it cannot read. */
export function createSafetyFinder(lists: readonly WordingList[]) {
  const book = createPhraseBook(concernPhrases(lists));
  const falseAlarms = createPhraseBook(falseAlarmPhrases(lists));
  const vocabulary = { isKnown: (word: string) => book.isKnown(word) || falseAlarms.isKnown(word) };

  return (text: string, language?: Language): SafetyFinding | null => {
    const words = readWords(text, vocabulary);
    const matches = book.find(words);
    if (matches.length === 0) return null;
    const meant = withoutExcused(matches, falseAlarms.find(words));
    const [gravest] = meant.sort((a, b) => gravity(a, language) - gravity(b, language));
    if (!gravest) return null;
    return { list: gravest.label.list.id, version: gravest.label.list.version, code: gravest.label.code };
  };
}

/**
 * Reads a text for wording that may mean somebody is in danger, in English and in Welsh at once.
 *
 * Returns the gravest concern with the list and version that found it, or null. `language` is what the text is said to
 * be in: both lists are read all the same, and where both find the same concern the declared one is named. Misspellings,
 * disguised letters and spaced-out words are read as what they stand for. It errs towards finding: a false alarm costs a
 * person a minute, a miss may cost a life. Linear in the length of the text; never throws.
 */
export const findSafetyWording = createSafetyFinder(wordingLists);
