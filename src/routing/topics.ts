import MiniSearch from "minisearch";
import { stopWords } from "./stop-words.ts";
import { createPhraseFinder, wordsOf } from "./words.ts";

/** A topic of the register. `words` are words and phrases that stand for it, `examples` whole questions about it. */
export interface Topic {
  code: string;
  title: string;
  words?: readonly string[] | undefined;
  examples?: readonly string[] | undefined;
}

/** A topic that a text may be about. A score of 1 is the worth of one word that only this topic has in its title. */
export interface TopicSuggestion {
  code: string;
  title: string;
  score: number;
}

export interface TopicIndex {
  /** The likeliest topics, best first, at most `limit`; empty when nothing in the text speaks for any. */
  suggest(text: string, limit?: number): TopicSuggestion[];
  /** The one topic the text is about, or null where that is not clear enough to route by. */
  guess(text: string): { code: string; score: number } | null;
}

const MAX_TERMS = 60;
const BOOST = { words: 3, title: 2, examples: 1 };
const MIN_SCORE = 1.4;
const MIN_MARGIN = 1.7;
// Topics have few and short fields: a topic with many synonyms must not lose to one with few.
const BM25 = { k: 1.2, b: 0.2, d: 0.5 };

/** Benefit and benefits are one term: English plurals lose their s. Applied alike to topics and texts. */
function termOf(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function loneTerms(words: readonly string[]): string[] {
  return words.filter((word) => word.length > 1 && !stopWords.has(word)).map(termOf);
}

/** Phrases are found as phrases: "work coach" must not be found in "I work as a football coach". */
function phraseTerm(phrase: string): string {
  return wordsOf(phrase).map(termOf).join(" ");
}

function phrasesOf(topic: Topic): string[] {
  const phrases = [topic.title, topic.code, ...(topic.words ?? [])].map(phraseTerm);
  return [...new Set(phrases)].filter((phrase) => phrase.includes(" "));
}

function documentOf(topic: Topic) {
  const entries = (topic.words ?? []).map((entry) => wordsOf(entry));
  const single = entries
    .filter((words) => words.length === 1)
    .flat()
    .map(termOf);
  const parts = entries.filter((words) => words.length > 1).flatMap(loneTerms);
  const examples = (topic.examples ?? []).flatMap((example) => loneTerms(wordsOf(example)));
  return {
    code: topic.code,
    label: topic.title,
    words: [...single, ...phrasesOf(topic)].join("\n"),
    title: [...new Set(loneTerms(wordsOf(topic.title)))].join("\n"),
    // The parts of a phrase say a little on their own, as much as a word of an example.
    examples: [...new Set([...parts, ...examples])].join("\n"),
  };
}

const tokenize = (lines: string): string[] => lines.split("\n").filter(Boolean);

/**
 * Ranks topics by BM25 (minisearch) over their words and phrases, titles and examples.
 *
 * Of a text only terms that some topic has are searched, each once and at most 60, without the stop words of English and
 * Welsh, so that a long post neither costs more nor scores higher by its length. Scores are divided by the score of one
 * title word that no other topic has, because BM25 grows with the number of topics.
 *
 * `guess` answers only from a score of 1.4, more than any one word of a title or of an example can reach (a single
 * word of `words`, or two signs together, can), and only if the best is 1.7 times the second: a post about two
 * things is for a person to place. Both figures were chosen on the table of questions in `test/routing/topics.test.ts`,
 * where they give no wrong guess; a wrong guess costs a day at the wrong department, none costs one choice in triage.
 */
export function createTopicIndex(topics: readonly Topic[]): TopicIndex {
  const search = new MiniSearch({
    idField: "code",
    fields: ["words", "title", "examples"],
    storeFields: ["label"],
    tokenize,
    processTerm: (term) => term,
    searchOptions: { boost: BOOST, bm25: BM25, combineWith: "OR" },
  });
  const documents = topics.map(documentOf);
  search.addAll(documents);
  const known = new Set(
    documents.flatMap((doc) => [...tokenize(doc.title), ...tokenize(doc.examples), ...tokenize(doc.words)]),
  );
  const findPhrases = createPhraseFinder([...known].filter((term) => term.includes(" ")));
  const rarest = Math.log(1 + (topics.length - 0.5) / 1.5);
  const unit = rarest * BOOST.title * (BM25.d + 1);

  const suggest = (text: string, limit = 3): TopicSuggestion[] => {
    const words = wordsOf(text);
    const lone = words.filter((word) => !stopWords.has(word)).map(termOf);
    const terms = new Set([...findPhrases(words.map(termOf)), ...lone.filter((term) => known.has(term))]);
    if (terms.size === 0) return [];
    return search
      .search([...terms].slice(0, MAX_TERMS).join("\n"))
      .slice(0, limit)
      .map(({ id, label, score }) => ({ code: String(id), title: String(label), score: score / unit }));
  };

  return {
    suggest,
    guess(text) {
      const [best, second] = suggest(text, 2);
      if (!best || best.score < MIN_SCORE || best.score < MIN_MARGIN * (second?.score ?? 0)) return null;
      return { code: best.code, score: best.score };
    },
  };
}
