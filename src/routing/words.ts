const NON_ASCII = /[^\0-\x7f]/;
/** Anything but ASCII and the signs that ordinary posts are full of: dashes, quotes, bullets, dots, pound and euro. */
const NEEDS_FOLDING = /[^\0-\x7f\xa0\xa3\u2010-\u2026\u20ac]/;
const MARKS = /\p{M}+/gu;
const APOSTROPHES = /['\u2018\u2019]/g;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Lower case, without accents and apostrophes. */
function foldLetters(text: string): string {
  const plain =
    NON_ASCII.test(text) && NEEDS_FOLDING.test(text) ? text.normalize("NFKD").replace(MARKS, "") : text;
  return plain.toLowerCase().replace(APOSTROPHES, "");
}

// Whether a UTF-16 unit belongs to a word: 0 not asked yet, 1 yes, 2 no. A table, because routing asks for every
// character of every post; a regular expression over words took several times as long.
const kinds = new Uint8Array(65_536);

function isWordUnit(unit: number): boolean {
  const kind = kinds[unit];
  if (kind) return kind === 1;
  const isWord = LETTER_OR_DIGIT.test(String.fromCharCode(unit));
  kinds[unit] = isWord ? 1 : 2;
  return isWord;
}

function wordStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isWordUnit(text.charCodeAt(at))) at += 1;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWordUnit(text.charCodeAt(at))) at += 1;
  return at;
}

/**
 * The words of a text in order: lower case, without accents (so `tŷ` is found by `ty`), apostrophes dropped
 * (`don't` → `dont`), every other sign a boundary.
 */
export function wordsOf(text: string): string[] {
  const folded = foldLetters(text);
  const words: string[] = [];
  for (let start = wordStart(folded, 0); start < folded.length; ) {
    const end = wordEnd(folded, start);
    words.push(folded.slice(start, end));
    start = wordStart(folded, end);
  }
  return words;
}

/** A name or phrase in the form in which two spellings of it are equal: its words, joined by one space. */
export function foldPhrase(text: string): string {
  return wordsOf(text).join(" ");
}

/** Finds phrases in a text in one pass. Answers the folded phrases that occur as whole words, each once, in order. */
export type PhraseFinder = (text: string) => string[];

interface Phrase {
  key: string;
  /** The words after the first. */
  rest: string[];
}

/** Whether these words follow in the folded text, one after the other. */
function followsAt(text: string, from: number, words: readonly string[]): boolean {
  let at = from;
  for (const word of words) {
    const start = wordStart(text, at);
    at = start + word.length;
    if (!text.startsWith(word, start) || wordEnd(text, start) !== at) return false;
  }
  return true;
}

/** A slot for words that begin alike and are equally long: most words of a text are ruled out by it uncut. */
const slotOf = (unit: number, length: number): number => (unit & 127) * 32 + Math.min(length, 31);

/** A finder of these phrases; phrases without a letter or digit are left out. */
export function createPhraseFinder(phrases: Iterable<string>): PhraseFinder {
  const byFirstWord = new Map<string, Phrase[]>();
  const slots = new Uint8Array(128 * 32);
  for (const key of new Set([...phrases].map(foldPhrase))) {
    const [first, ...rest] = key.split(" ");
    if (!first) continue;
    slots[slotOf(first.charCodeAt(0), first.length)] = 1;
    byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), { key, rest }]);
  }
  return (text) => {
    const folded = foldLetters(text);
    const found = new Set<string>();
    for (let start = wordStart(folded, 0); start < folded.length; ) {
      const end = wordEnd(folded, start);
      if (slots[slotOf(folded.charCodeAt(start), end - start)] === 1) {
        const begun = byFirstWord.get(folded.slice(start, end)) ?? [];
        for (const { key, rest } of begun) if (followsAt(folded, end, rest)) found.add(key);
      }
      start = wordStart(folded, end);
    }
    return [...found];
  };
}
