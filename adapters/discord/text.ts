const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Control characters and marks that turn the direction of what follows; line breaks and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is taken out
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2028\u2029\u2066-\u2069]/g;
const halves = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A text without controls and without half of a surrogate pair. */
export const clean = (text: string): string =>
  text
    .replace(/[\u2028\u2029]/g, "\n")
    .replace(controls, "")
    .replace(halves, "\uFFFD");

/** Words that somebody typed, shown as they stand: every mark of Discord's Markdown loses its meaning. */
export const literal = (text: string): string => clean(text).replace(/[\\`*_~|<>#[\]()@:-]/g, "\\$&");

const link =
  /!?\[([^[\]\n]*)\]\(\s*<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+["'][^"'\n]*["'])?\s*\)/g;
const address = /https?:\/\/[^\s<>[\]"']+/g;

/**
 * An official text in CommonMark as Discord may show it: emphasis, lists and quotes stay; a link shows where it leads;
 * what only Discord knows, such as a mention or a spoiler, and code, loses its meaning.
 */
export function official(text: string): string {
  const shown = clean(text).replace(link, (_, label: string, url: string) =>
    label.trim() === "" || label.trim() === url ? url : `${label} (${url})`,
  );
  let end = 0;
  let result = "";
  for (const { 0: url, index } of shown.matchAll(address)) {
    result += disarm(shown.slice(end, index)) + plainAddress(url);
    end = index + url.length;
  }
  return result + disarm(shown.slice(end));
}

/** Brackets, at-signs, bars and back-ticks begin everything that Discord alone knows. What is escaped already stays so. */
const disarm = (text: string): string =>
  text
    .replace(/\\[!-/:-@[-`{-~]|[<@[\]|`]/g, (found) => (found.length > 1 ? found : `\\${found}`))
    .replace(/^(\s*)-#/gm, "$1\\-#");

/** An address in which nothing can be read as anything else. */
export const plainAddress = (url: string): string =>
  url.replace(/[@`|\\]/g, (mark) => encodeURIComponent(mark));

/** The parts of a text of at most `most` UTF-16 units: at paragraphs, else at sentences, else at words, else anywhere. */
export function splitText(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const cut = cutOf(rest, most);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest === "" ? parts : [...parts, rest];
}

const ends = [/\n{2,}/g, /\n/g, /[.!?…]["')\]]*\s+/g, /\s+/g];

/** Where to cut: after the last end of its kind within the limit, if that leaves a part worth sending. */
function cutOf(text: string, most: number): number {
  const within = text.slice(0, most);
  for (const end of ends) {
    const last = [...within.matchAll(end)].at(-1);
    if (last && last.index + last[0].length > most / 3) return last.index + last[0].length;
  }
  let cut = 0;
  for (const { segment, index } of graphemes.segment(within)) {
    if (index + segment.length >= within.length) break;
    cut = index + segment.length;
  }
  // A mark and what it protects stay together.
  const escaped = /\\+$/.exec(text.slice(0, cut))?.[0].length ?? 0;
  return Math.max(1, escaped % 2 === 1 ? cut - 1 : cut);
}

/** The beginning of a text, with a mark where something was cut off. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  let cut = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (index + segment.length > most - 1) break;
    cut = index + segment.length;
  }
  return `${text.slice(0, cut)}…`;
}
