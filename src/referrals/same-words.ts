/** How a text that somebody saw stands to the reply as it was sent. Positions count words of the text that was seen. */
export type Comparison =
  | { verdict: "same"; words: string[] }
  /** The seen text stands in the reply, which says more. */
  | { verdict: "part"; words: string[] }
  /** The reply stands in the seen text, from `from` to before `to`; the rest is somebody else's. */
  | { verdict: "more"; words: string[]; from: number; to: number }
  /** The first `at` words agree with the reply from its word `offset` on; the next does not, or there is none. */
  | { verdict: "differs"; words: string[]; at: number; offset: number };

const addressLike = /:\/\/|www\.|@|[\p{L}\p{N}]\.[\p{L}\p{N}]/u;
const emphasis = /[*_`~\\#>]/g;
const emphasisAround = /^[*_`~\\#><]+|[*_`~\\#>]+$/g;
const bullet = /^\s*(?:[-–•*+]|\d{1,3}[.)])\s+/gm;
const markdownLink = /!?\[([^\]]*)\]\([^)]*\)/g;

/** Typographic twins that forums put in place of what was typed. */
const folded = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2012-\u2015]/g, "-")
    .replaceAll("\u2026", "...");

/**
 * The words a reader sees of a text in Markdown. `isShown` is whether the text was copied from where Markdown is shown
 * as what it means: then a link is its words; otherwise its address counts too.
 */
export function wordsOf(text: string, isShown: boolean): string[] {
  const plain = isShown ? folded(text).replace(markdownLink, "$1") : folded(text);
  return plain
    .replace(bullet, "")
    .split(/\s+/)
    .map((word) => (addressLike.test(word) ? word.replace(emphasisAround, "") : word.replace(emphasis, "")))
    .filter((word) => word !== "");
}

/** The addresses that a text in Markdown links to, in their order, each once. */
export const linksOf = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/https?:\/\/[^\s<>()[\]"']+/g)].map(([address]) => address.replace(/[.,;:!?*_]+$/, "")),
  ),
];

/** How many words agree, from these two positions on. */
function agreeing(one: readonly string[], from: number, other: readonly string[], at: number): number {
  let count = 0;
  while (from + count < one.length && at + count < other.length && one[from + count] === other[at + count])
    count += 1;
  return count;
}

/** Where all of `part` stands in `whole`, or -1. */
function positionOf(part: readonly string[], whole: readonly string[]): number {
  for (let at = 0; at + part.length <= whole.length; at += 1)
    if (agreeing(part, 0, whole, at) === part.length) return at;
  return -1;
}

/**
 * Compares what somebody saw with a reply as it was sent, word by word: letters count, line breaks and the marks of
 * Markdown do not. Where both are the same text, or one holds the other, it says so; otherwise where they part.
 */
export function compareWords(seen: string, sent: string): Comparison {
  const isShown = !seen.includes("](");
  const words = wordsOf(seen, isShown);
  const official = wordsOf(sent, isShown);
  if (words.length === official.length && agreeing(words, 0, official, 0) === words.length)
    return { verdict: "same", words };
  if (positionOf(words, official) >= 0) return { verdict: "part", words };
  const from = positionOf(official, words);
  if (from >= 0 && official.length > 0) return { verdict: "more", words, from, to: from + official.length };
  let best = { at: agreeing(words, 0, official, 0), offset: 0 };
  for (let offset = 1; offset < official.length; offset += 1) {
    const at = agreeing(words, 0, official, offset);
    if (at > best.at) best = { at, offset };
  }
  return { verdict: "differs", words, ...best };
}
