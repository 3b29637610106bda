/** A piece of a text with headings, lists and paragraphs. */
export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "bullets" | "numbers"; items: string[] };

const plain = (text: string): string => text.replace(/\*{1,2}([^*]+)\*{1,2}/g, "$1");

/** The guidance's Markdown as blocks: headings, lists and paragraphs; emphasis is left out. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const chunk of markdown.trim().split(/\n{2,}/)) {
    const heading = /^(#{1,4}) (.+)$/.exec(chunk);
    const isBullets = /^- /.test(chunk);
    if (heading)
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: plain(heading[2] ?? "") });
    else if (isBullets || /^\d+\. /.test(chunk)) {
      const items = chunk.split(/\n(?=- |\d+\. )/).map((item) => item.replace(/^(?:- |\d+\. )/, ""));
      const joined = items.map((item) => plain(item.replace(/\s*\n\s*/g, " ")));
      blocks.push({ kind: isBullets ? "bullets" : "numbers", items: joined });
    } else blocks.push({ kind: "paragraph", text: plain(chunk.replace(/\s*\n\s*/g, " ")) });
  }
  return blocks;
}
