import { createRequire } from "node:module";
import type { Parser } from "commonmark";

/** What keeps a text from going to a forum as it stands, in words for its author. */
export interface TextMistake {
  code: "html" | "link-scheme";
  says: string;
  hint: string;
}

const html: TextMistake = {
  code: "html",
  says: "HTML does not go to forums. Take it out, or put it between backticks to show it as it is.",
  hint: "Write Markdown instead, such as **bold** or [words](https://…). Put a backslash before a < that means itself.",
};

const linkScheme: TextMistake = {
  code: "link-scheme",
  says: "A link or picture has an address that does not begin with https:// or http://. Write the whole address.",
  hint: "Links look like [words](https://…). Write an address of mail as it is, without < and >.",
};

/** The parser also keeps every reference definition it met, used or not, which its types do not say. */
type WithDefinitions = Parser & { refmap: Readonly<Record<string, { destination: string }>> };

let makeParser: (() => WithDefinitions) | undefined;

/** Loaded at the first text that needs it: it takes 6 MB. Made anew for each text, because it remembers the last. */
function parserForOne(): WithDefinitions {
  if (makeParser === undefined) {
    const library: { Parser: new () => WithDefinitions } = createRequire(import.meta.url)("commonmark");
    makeParser = () => new library.Parser();
  }
  return makeParser();
}

const isWebAddress = (destination: string | null | undefined): boolean =>
  /^https?:\/\/[^/]/i.test(destination ?? "");

/**
 * What a forum must not be sent in a text, as CommonMark (https://spec.commonmark.org/0.31.2/) reads it: HTML outside code, and
 * links, pictures and reference definitions that lead elsewhere than to http or https. Each kind once; none for a text
 * that may go. A `<` that CommonMark takes for a letter is no mistake.
 */
export function mistakesInForumText(text: string): TextMistake[] {
  // Every tag and autolink has a <, every other link and picture a ].
  if (!/[<\]]/.test(text)) return [];
  const found = new Set<TextMistake>();
  const parser = parserForOne();
  const walker = parser.parse(text).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    const { type, destination } = step.node;
    if (type === "html_block" || type === "html_inline") found.add(html);
    if ((type === "link" || type === "image") && !isWebAddress(destination)) found.add(linkScheme);
  }
  if (Object.values(parser.refmap).some(({ destination }) => !isWebAddress(destination)))
    found.add(linkScheme);
  return [...found];
}
