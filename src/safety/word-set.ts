/**
 * Whether a word is one of these. Most words of a text are not, which two of their letters and their length nearly always
 * show: that is quicker than looking each up.
 */
export function createWordSet(words: Iterable<string>): (word: string) => boolean {
  const known = new Set(words);
  const outlines = new Uint8Array(32 * 32 * 32);
  for (const word of known) outlines[outlineOf(word)] = 1;
  return (word) => outlines[outlineOf(word)] === 1 && known.has(word);
}

const outlineOf = (word: string): number =>
  ((word.length % 32) * 32 + (word.charCodeAt(0) % 32)) * 32 + ((word.charCodeAt(1) || 0) % 32);
