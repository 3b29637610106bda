import type { PlainText } from "./sdk.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Control characters and marks that turn the direction of what follows; line breaks and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is taken out
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

const halves = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A text as Slack can show it: no controls, no half of a surrogate pair. */
export const clean = (text: string): string => text.replace(controls, "").replace(halves, "\uFFFD");

/** The parts of a text, each of at most `most` UTF-16 units, cut between characters as people see them. */
export function split(text: string, most: number): string[] {
  if (text.length <= most) return text === "" ? [] : [text];
  const parts: string[] = [];
  let part = "";
  for (const { segment } of graphemes.segment(text)) {
    for (const piece of segment.length > most ? segment : [segment]) {
      if (part.length + piece.length > most) {
        parts.push(part);
        part = "";
      }
      part += piece;
    }
  }
  return part === "" ? parts : [...parts, part];
}

/** As `split`, but cut after white space where there is any, so that no word and no address is torn apart. */
export function splitAtSpaces(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const last = [...rest.slice(0, most).matchAll(/\s+/g)].at(-1);
    const end = last ? last.index + last[0].length : 0;
    const part = end > most / 3 ? rest.slice(0, end) : (split(rest, most)[0] ?? "");
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return rest === "" ? parts : [...parts, rest];
}

/** The beginning of a text, with a mark where something was cut off. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${split(text, most - 1)[0] ?? ""}…`;
}

/** Words of our own or of the register for `text` fields, where Slack looks for markup. */
export const escapeMarkup = (text: string): string =>
  clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text that Slack shows as it stands; never empty, at most `most` characters. */
export const plain = (text: string, most = 3000): PlainText => ({
  type: "plain_text",
  text: shorten(clean(text), most).trim() || "–",
  emoji: false,
});
