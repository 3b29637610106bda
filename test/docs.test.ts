import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const markdown = [
  ...readdirSync(root),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => join("docs", path)),
].filter((path) => path.endsWith(".md"));

const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** Links to files of this repository, as they are written. */
const linksOf = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, link]) =>
    link?.includes(":") ? [] : (link ?? []),
  );

describe("documents", () => {
  test.each(markdown)("%s links only to what exists", (path) => {
    const broken = linksOf(textOf(path)).filter((link) => !existsSync(join(root, dirname(path), link)));
    expect(broken).toEqual([]);
  });

  test("are all in the index of docs/", () => {
    const listed = linksOf(textOf("docs/README.md")).map((link) => join("docs", link));
    const own = markdown.filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
    expect(own.filter((path) => !listed.includes(path))).toEqual([]);
  });

  test("name only commands that package.json has", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = markdown.flatMap((path) =>
      [...textOf(path).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });
});

describe("decisions", () => {
  const names = readdirSync(join(root, "docs/decisions"));

  test("are numbered, each number once", () => {
    const numbers = names.map((name) => /^(\d{3})-[a-z0-9-]+\.md$/.exec(name)?.[1] ?? name);
    expect(new Set(numbers).size).toBe(names.length);
    expect(numbers.filter((number) => !/^\d{3}$/.test(number))).toEqual([]);
  });

  test("stand in the index by number, each under its own heading", () => {
    const headings = names
      .toSorted()
      .map((name) => [name, /^# \d{3}\. (.+)$/m.exec(textOf(join("docs/decisions", name)))?.[1]]);
    const index = textOf("docs/README.md").matchAll(
      /^- \[(\d{3})\]\(decisions\/(\1-[a-z0-9-]+\.md)\) (.+)$/gm,
    );
    expect([...index].map(([, , name, heading]) => [name, heading])).toEqual(headings);
  });

  test.each(names)("%s says what, why and with which consequences", (name) => {
    const parts = textOf(join("docs/decisions", name)).matchAll(/^(?:## |\*\*)(What|Why|Consequences)\b/gm);
    expect([...parts].map(([, part]) => part)).toEqual(["What", "Why", "Consequences"]);
  });
});
