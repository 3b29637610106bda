import { guardedWords, spellings, starredWords } from "./wording/spelling.ts";

/** What undoes one disguised word: misspelt, starred, drawn out, run together. */

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Every spelling one letter away from a guarded word: one too many, too few, swapped or wrong. */
function nearSpellings(word: string): string[] {
  const near: string[] = [];
  for (let index = 0; index <= word.length; index += 1) {
    const head = word.slice(0, index);
    const tail = word.slice(index);
    if (tail) near.push(head + tail.slice(1));
    if (tail.length > 1) near.push(head + (tail[1] ?? "") + (tail[0] ?? "") + tail.slice(2));
    for (const letter of letters) {
      near.push(head + letter + tail);
      if (tail) near.push(head + letter + tail.slice(1));
    }
  }
  return near;
}

function corrections(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const word of guardedWords) for (const near of nearSpellings(word)) found.set(near, [word]);
  for (const [spelt, meant] of Object.entries(spellings)) found.set(spelt, meant.split(" "));
  for (const word of guardedWords) found.delete(word);
  return found;
}

/** A word as found → the words it stands for. */
export const corrected: ReadonlyMap<string, readonly string[]> = corrections();

/** Digits and signs that pass for a letter, and Cyrillic and Greek letters that look like a Latin one. */
export const lookalikes: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
  "€": "e",
  "+": "t",
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  с: "c",
  у: "y",
  х: "x",
  і: "i",
  ѕ: "s",
  ԁ: "d",
  к: "k",
  α: "a",
  ε: "e",
  ι: "i",
  ο: "o",
  κ: "k",
  ı: "i",
};

/** A word in which signs stand for letters: "k*ll", "su!cide". Null when it is none of the words that matter. */
export function starred(word: string): string | null {
  return starredWords.find((meant) => meant.length === word.length && agrees(meant, word)) ?? null;
}

function agrees(meant: string, word: string): boolean {
  for (let index = 0; index < meant.length; index += 1) {
    const character = word[index] ?? "";
    if (character !== meant[index] && !/[*#_%\-.?]/.test(character)) return false;
  }
  return true;
}

/** "killll", "dieeee": letters drawn out, read as one letter or as two, whichever is a word of the lists. */
export function drawnOut(word: string, isKnown: (word: string) => boolean): string {
  const once = word.replace(/(.)\1{2,}/g, "$1");
  const twice = word.replace(/(.)\1{2,}/g, "$1$1");
  return !isKnown(once) && (isKnown(twice) || !corrected.has(once)) ? twice : once;
}

/** Splits words that were run together ("iwanttodie"), or returns null unless every piece is a word of the lists. */
export function unglue(glued: string, isKnown: (word: string) => boolean): string[] | null {
  const pieces: string[] = [];
  let from = 0;
  while (from < glued.length && pieces.length < 12) {
    let to = Math.min(glued.length, from + 12);
    while (to > from && !isKnown(glued.slice(from, to))) to -= 1;
    if (to === from) return null;
    pieces.push(glued.slice(from, to));
    from = to;
  }
  return from === glued.length ? pieces : null;
}
