const NON_ASCII = /[^\0-\x7f]/;
const MARKS = /\p{M}+/gu;
const ASCII_WORD = /[a-z0-9]+(?:'[a-z0-9]+)*/g;
const ANY_WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu;

function foldLetters(text: string): string {
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase().replaceAll("\u2019", "'");
}

/**
 * The words of a text in order: lower case, without accents (so `tŷ` is found by `ty`), apostrophes dropped
 * (`don't` → `dont`), every other sign a boundary.
 */
export function wordsOf(text: string): string[] {
  const folded = foldLetters(text);
  const found = folded.match(NON_ASCII.test(folded) ? ANY_WORD : ASCII_WORD) ?? [];
  return folded.includes("'") ? found.map((word) => word.replaceAll("'", "")) : found;
}

/** A name or phrase in the form in which two spellings of it are equal: its words, joined by one space. */
export function foldPhrase(text: string): string {
  return wordsOf(text).join(" ");
}

/** Finds phrases in a list of words in one pass. Answers the folded phrases that occur, each once, in order. */
export type PhraseFinder = (words: readonly string[]) => string[];

function occursAt(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  for (let i = 1; i < phrase.length; i++) if (words[at + i] !== phrase[i]) return false;
  return true;
}

/** A finder of these phrases; phrases without a letter or digit are left out. */
export function createPhraseFinder(phrases: Iterable<string>): PhraseFinder {
  const byFirstWord = new Map<string, { key: string; words: string[] }[]>();
  for (const key of new Set([...phrases].map(foldPhrase))) {
    const words = key.split(" ");
    const first = words[0];
    if (!first) continue;
    const others = byFirstWord.get(first);
    if (others) others.push({ key, words });
    else byFirstWord.set(first, [{ key, words }]);
  }
  return (words) => {
    const found = new Set<string>();
    for (const [at, word] of words.entries()) {
      const phrases = byFirstWord.get(word);
      if (!phrases) continue;
      for (const phrase of phrases) if (occursAt(words, at, phrase.words)) found.add(phrase.key);
    }
    return [...found];
  };
}
