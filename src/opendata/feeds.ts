import type { DirectoryChange } from "../forums/index.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** Text as XML 1.0 may hold it: markup escaped, characters it has no room for left out. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const says = { added: "listed", changed: "changed", "taken-out": "taken out" } as const;

const titleOf = ({ name, kind }: DirectoryChange): string => `${name}: ${says[kind]}`;
const summaryOf = ({ kind, fields }: DirectoryChange): string =>
  kind === "changed" ? `Changed: ${fields.join(", ")}` : `The forum was ${says[kind]}.`;
const idOf = (baseUrl: string, change: DirectoryChange): string =>
  `${baseUrl}/forums/${change.slug}#change-${change.id}`;

/** Changes of the directory as Atom (RFC 4287), the newest first. `updated` is for a feed in which nothing stands. */
export function atomFeed(changes: readonly DirectoryChange[], baseUrl: string, updated: Date): string {
  const entries = changes.map(
    (change) => `  <entry>
    <id>${xml(idOf(baseUrl, change))}</id>
    <title>${xml(titleOf(change))}</title>
    <updated>${change.at.toISOString()}</updated>
    <link href="${xml(`${baseUrl}/forums/${change.slug}`)}"/>
    <summary>${xml(summaryOf(change))}</summary>
  </entry>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>${xml(baseUrl)}/forums/changes.atom</id>
  <title>Changes of the directory of forums</title>
  <updated>${(changes[0]?.at ?? updated).toISOString()}</updated>
  <author><name>Fingerpost</name></author>
  <link rel="self" href="${xml(baseUrl)}/forums/changes.atom"/>
  <link href="${xml(baseUrl)}/forums"/>
${entries.join("")}</feed>
`;
}

/** The same as JSON Feed 1.1. */
export function jsonFeed(changes: readonly DirectoryChange[], baseUrl: string): object {
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: "Changes of the directory of forums",
    home_page_url: `${baseUrl}/forums`,
    feed_url: `${baseUrl}/forums/changes.json`,
    language: "en",
    items: changes.map((change) => ({
      id: idOf(baseUrl, change),
      url: `${baseUrl}/forums/${change.slug}`,
      title: titleOf(change),
      content_text: summaryOf(change),
      date_published: change.at.toISOString(),
    })),
  };
}
