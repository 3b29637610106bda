/**
 * Folds the many ways to write a digit, a space or a dash into ASCII, so that a recogniser needs one shape only.
 * The folded text remembers where each character came from: what is found in it can be cut out of the original.
 */

export interface Folded {
  text: string;
  /** Index in the source of each folded character, with the source's length at the end; null when nothing moved. */
  origin: Int32Array | null;
}

/** Characters that never need folding: ASCII, Latin letters, typographic quotes, bullet, ellipsis, euro. */
const foldable = /[^\0-\x9f\xa1-\xac\xae-\u024f\u2018-\u201f\u2022\u2026\u20ac]/;

const invisible = /\p{Default_Ignorable_Code_Point}|\u20e3/u;
const space = /[\p{Zs}]/u;
const dash = /[\p{Pd}\u2212\u2043\u30fc]/u;
const digit = /\p{Nd}/u;

/** The value of a decimal digit of any script: Unicode lays each script's ten out in a row, zero first. */
function digitValue(codePoint: number): number {
  // Mathematical digits follow one another in five rows of ten that begin at U+1D7CE.
  if (codePoint >= 0x1d7ce && codePoint <= 0x1d7ff) return (codePoint - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && digit.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return value;
}

function foldCharacter(character: string): string {
  if (invisible.test(character)) return "";
  if (space.test(character)) return " ";
  if (dash.test(character)) return "-";
  if (digit.test(character)) return String(digitValue(character.codePointAt(0) ?? 0x30));
  const plain = character.normalize("NFKC");
  return /^[\x21-\x7e]{1,4}$/.test(plain) ? plain : character;
}

/** Folds a text; texts of plain letters come back as they are. Never throws, lone surrogates included. */
export function fold(source: string): Folded {
  if (!foldable.test(source)) return { text: source, origin: null };
  const origin: number[] = [];
  let text = "";
  let index = 0;
  for (const character of source) {
    const folded = foldable.test(character) ? foldCharacter(character) : character;
    for (let unit = 0; unit < folded.length; unit += 1) {
      origin.push(folded.length === character.length ? index + unit : index);
    }
    text += folded;
    index += character.length;
  }
  origin.push(source.length);
  return { text, origin: Int32Array.from(origin) };
}

/** Where in the source a span of the folded text begins and ends. */
export function unfold(folded: Folded, start: number, end: number): [start: number, end: number] {
  if (!folded.origin) return [start, end];
  const from = folded.origin[start] ?? 0;
  const last = folded.origin[end - 1] ?? from;
  // One source character may have become several: go on to the first index that belongs to another.
  let next = end;
  while (next < folded.origin.length - 1 && folded.origin[next] === last) next += 1;
  return [from, folded.origin[next] ?? last];
}
