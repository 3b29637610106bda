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

interface RankedTopic extends TopicSuggestion {
  /** One of the topic's own words, its title or its code stands in the text. */
  isNamed: boolean;
}

const MAX_TERMS = 60;
const BOOST = { words: 3, title: 2, examples: 1 };
const MIN_SCORE = 1.4;
const MIN_MARGIN = 1.4;
// b 0: the length of a field does not count, or a topic with many synonyms would lose to one with few.
const BM25 = { k: 1.2, b: 0, d: 0.5 };

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

/** A term stands once for each topic, in the strongest of its fields, so that it is not counted twice. */
function documentOf(topic: Topic) {
  const entries = [topic.title, topic.code, ...(topic.words ?? [])];
  const words = new Set(entries.map(phraseTerm));
  const title = new Set(loneTerms(wordsOf(topic.title)).filter((term) => !words.has(term)));
  // The parts of a phrase say a little on their own, as much as a word of an example.
  const weak = [...entries, ...(topic.examples ?? [])].flatMap((entry) => loneTerms(wordsOf(entry)));
  const examples = new Set(weak.filter((term) => !words.has(term) && !title.has(term)));
  const lines = (terms: ReadonlySet<string>) => [...terms].join("\n");
  return {
    code: topic.code,
    label: topic.title,
    words: lines(words),
    title: lines(title),
    examples: lines(examples),
  };
}

const tokenize = (lines: string): string[] => lines.split("\n").filter(Boolean);

/**
 * Ranks topics by BM25 (minisearch) over their words and phrases, titles and examples.
 *
 * Of a text only terms that some topic has are searched, each once and at most 60, without the stop words of English and
 * Welsh, so that a long post neither costs more nor scores higher by its length; the words of a phrase that was found
 * are not searched again on their own. Scores are divided by the score of one title word that no other topic has,
 * because BM25 grows with the number of topics.
 *
 * Then a word of one topic's own scores 1.5, a title word 1, a word of an example 0.5, and less the more topics have it.
 *
 * `guess` answers only where the text has one of the topic's `words`, its title or its code; only from a score of 1.4,
 * so that such a word must be that topic's alone, or have company; and only if the best is 1.4 times the second, which it
 * is against a single title word of another topic and is not where each has a word of its own: a post about two things is
 * for a person to place. Both figures were chosen on the table of questions in
 * `test/routing/topics.test.ts`, where they give no wrong guess: a wrong guess costs a day at the wrong department, none
 * costs one choice in triage.
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
    documents.flatMap(({ words, title, examples }) => tokenize([words, title, examples].join("\n"))),
  );
  const own = new Set(documents.flatMap((document) => tokenize(document.words)));
  const findPhrases = createPhraseFinder([...known].filter((term) => term.includes(" ")));
  const rarest = Math.log(1 + (topics.length - 0.5) / 1.5);
  const unit = rarest * BOOST.title * (BM25.d + 1);

  const rank = (text: string): RankedTopic[] => {
    const words = wordsOf(text);
    const phrases = findPhrases(words.map(termOf).join(" "));
    const inPhrases = new Set(phrases.flatMap((phrase) => phrase.split(" ")));
    // A word that a topic names is looked for, however common it is elsewhere.
    const lone = words
      .filter((word) => !stopWords.has(word) || own.has(termOf(word)))
      .map(termOf)
      .filter((term) => known.has(term) && !inPhrases.has(term));
    const terms = [...new Set([...phrases, ...lone])].slice(0, MAX_TERMS);
    if (terms.length === 0) return [];
    const found = search.search(terms.join("\n")).map((result) => ({
      code: String(result.id),
      title: String(result.label),
      // minisearch multiplies by the number of terms found; the plain sum of BM25 is what the thresholds are made for.
      score: result.score / (result.queryTerms.length || 1) / unit,
      isNamed: Object.values(result.match).some((fields) => fields.includes("words")),
    }));
    return found.sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  };

  return {
    suggest: (text, limit = 3) =>
      rank(text)
        .slice(0, limit)
        .map(({ code, title, score }) => ({ code, title, score })),
    guess(text) {
      const [best, second] = rank(text);
      if (!best?.isNamed || best.score < MIN_SCORE || best.score < MIN_MARGIN * (second?.score ?? 0))
        return null;
      return { code: best.code, score: best.score };
    },
  };
}
