import { corrected, drawnOut, lookalikes, starred, unglue } from "./disguises.ts";
import { createWordSet } from "./word-set.ts";
import { joins } from "./wording/spelling.ts";

/** Turns a text into the plain words that wording lists are written in, whatever was done to hide them. */

/** Stands between sentences: no phrase goes on over it, unless it says so. */
export const sentenceEnd = ".";

/** By its second word: what a pair is joined to, by its first. */
const joinedAfter = new Map<string, Map<string, readonly string[]>>();
for (const [pair, joined] of Object.entries(joins)) {
  const [first = "", second = ""] = pair.split(" ");
  const byFirst = joinedAfter.get(second) ?? new Map<string, readonly string[]>();
  joinedAfter.set(second, byFirst.set(first, joined.split(" ")));
}

/** Words that are not simply kept. */
const isSpecial = createWordSet([...corrected.keys(), ...joinedAfter.keys()]);

const plainWord = /^[a-z]+$/;
/** "he'll" would otherwise read as "hell". */
const shortWill = /['’‘`´ʼ]ll(?![a-z])/g;
const apostrophes = /['’‘`´ʼ]/g;
const hidden = /[\u0300-\u036f\p{Default_Ignorable_Code_Point}]/gu;

function plainText(text: string): string {
  const lower = text.toLowerCase();
  const bare = lower.replace(shortWill, " will").replace(apostrophes, "");
  return /[^\0-\x7f]/.test(bare) ? bare.normalize("NFKD").replace(hidden, "") : bare;
}

const shortestGlued = 8;
const longestWord = 40;
const gluedHint = /kill|die|dead|suic|life|harm|hurt|lladd|marw/;

export interface Vocabulary {
  isKnown: (word: string) => boolean;
}

/** Collects words, correcting each and joining pairs that belong together. */
function createCollector({ isKnown }: Vocabulary, mayBeDrawnOut: boolean) {
  const words: string[] = [];
  let single = "";

  const push = (word: string): void => {
    const joined = joinedAfter.get(word)?.get(words.at(-1) ?? "");
    if (joined) words.pop();
    words.push(...(joined ?? [word]));
  };
  const add = (raw: string): void => {
    const word = mayBeDrawnOut && /(.)\1\1/.test(raw) ? drawnOut(raw, isKnown) : raw;
    if (isSpecial(word)) for (const part of corrected.get(word) ?? [word]) push(part);
    else if (
      word.length >= shortestGlued &&
      word.length <= longestWord &&
      gluedHint.test(word) &&
      !isKnown(word)
    ) {
      for (const part of unglue(word, isKnown) ?? [word]) push(part);
    } else words.push(word);
  };
  /** Single letters in a row are a word that was spaced out: "k i l l". */
  const flush = (): void => {
    const spelt = single;
    single = "";
    if (spelt.length < 3 || spelt.length > longestWord) {
      for (const letter of spelt) push(letter);
      return;
    }
    const whole = unglue(spelt, isKnown);
    const rest = whole ? null : unglue(spelt.slice(1), isKnown);
    for (const piece of whole ?? (rest ? [spelt[0] ?? "", ...rest] : [...spelt])) push(piece);
  };
  return {
    words,
    word(word: string): void {
      if (word.length === 1) {
        single += word;
        return;
      }
      if (single) flush();
      add(word);
    },
    end(): void {
      if (single) flush();
      if (words.length > 0 && words.at(-1) !== sentenceEnd) words.push(sentenceEnd);
    },
  };
}

type Collector = ReturnType<typeof createCollector>;

const signs = /[0-9@$!|€+*#%\u0370-\u04ff\u0501ı]/;

/** One piece of a chunk, letters and signs mixed: "k1ll", "su*cide". */
function readDisguised(piece: string, collect: Collector): void {
  if (/[*#%]/.test(piece)) {
    const meant = starred(piece);
    if (meant) {
      collect.word(meant);
      return;
    }
  }
  if (!/[a-z\u0370-\u04ff]/.test(piece)) return;
  const read = [...piece]
    .map((character) => lookalikes[character] ?? character)
    .join("")
    .replace(/[^a-z]/g, "");
  if (read) collect.word(read);
}

/** A chunk with signs, dots or dashes inside: the slow way, for the few that need it. */
function readChunk(chunk: string, collect: Collector): void {
  const core = chunk.replace(/^[^a-z0-9@$*\u0370-\u04ff]+|[.!?…,;:"”“)\]}>(\-_/~]+$/g, "");
  const meant = /[*#%_\-.]/.test(core) ? starred(core) : null;
  if (meant) collect.word(meant);
  else {
    for (const piece of core.split(/[^a-z0-9@$!|€+*#%\u0370-\u04ff\u0501ı]+/)) {
      if (plainWord.test(piece)) collect.word(piece);
      else if (piece && signs.test(piece)) readDisguised(piece, collect);
    }
  }
  if (/[.!?…]+["”)\]]*$/.test(chunk)) collect.end();
}

const separators = new Set([...' \t\n\r\v\f,;:()"“”[]{}<>'].map((character) => character.charCodeAt(0)));
const sentenceSigns = new Set([..."!.?…"].map((character) => character.charCodeAt(0)));
const newLine = 10;

/**
 * Reads a text as words: lower case, no accents, no apostrophes, misspellings and disguises of the words that matter
 * undone, sentences parted by `sentenceEnd`. In one pass; a word of more than 40 letters is left as it is.
 */
export function readWords(source: string, vocabulary: Vocabulary): string[] {
  const text = plainText(source);
  const collect = createCollector(vocabulary, /([a-z])\1\1/.test(text));
  let start = -1;
  let isPlain = true;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : newLine;
    if (code >= 97 && code <= 122) {
      if (start < 0) start = index;
      continue;
    }
    const next = index + 1 < text.length ? text.charCodeAt(index + 1) : newLine;
    const ends = isPlain && sentenceSigns.has(code) && separators.has(next);
    if (ends || separators.has(code)) {
      if (start >= 0 && isPlain) collect.word(text.slice(start, index));
      else if (start >= 0) readChunk(text.slice(start, index), collect);
      start = -1;
      isPlain = true;
      if (ends || (code === newLine && next === newLine)) collect.end();
      continue;
    }
    if (start < 0) start = index;
    isPlain = false;
  }
  collect.end();
  return collect.words;
}
