import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listingLink } from "../../src/forums/index.ts";
import { datasets } from "../../src/opendata/index.ts";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await directoryWorld();
});
afterAll(() => world.close());

const json = async (path: string) => JSON.parse((await visit(world, path)).html);
const names = datasets.map(({ name }) => name);

describe("each file", () => {
  test.each(names)("%s is a table with the columns its metadata says, as CSV and as JSON", async (name) => {
    const csv = await visit(world, `/data/${name}.csv`);
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(csv.headers.get("access-control-allow-origin")).toBe("*");
    const lines: string[][] = parse(csv.html, { record_delimiter: "\r\n" });
    const described = await json(`/data/${name}.csv-metadata.json`);
    const columns = described.tableSchema.columns.map((column: { name: string }) => column.name);
    expect(lines[0]).toEqual(columns);
    expect(described.url).toMatch(new RegExp(`/data/${name}\\.csv$`));
    const whole = await json(`/data/${name}.json`);
    expect(whole.items).toHaveLength(lines.length - 1);
    const keys = [described.tableSchema.primaryKey].flat();
    const found = whole.items.map((item: Record<string, unknown>) =>
      JSON.stringify(keys.map((key) => item[key])),
    );
    expect(new Set(found).size).toBe(found.length);
    const { headers } = csv;
    const again = await visit(world, `/data/${name}.csv`, undefined, {
      "if-none-match": headers.get("etag") ?? "",
    });
    expect([again.status, again.html]).toEqual([304, ""]);
  });

  test("of the catalogue is there, and the catalogue has every file", async () => {
    const catalogue = await json("/data.json");
    const addresses = catalogue.dataset.flatMap((set: { distribution: Record<string, string>[] }) =>
      set.distribution.flatMap(({ downloadURL, accessURL, describedBy }) => [
        downloadURL,
        accessURL,
        describedBy,
      ]),
    );
    for (const address of addresses.filter(Boolean))
      expect([address, (await visit(world, new URL(address).pathname)).status]).toEqual([address, 200]);
    for (const name of names)
      expect(addresses.some((address: string) => address?.endsWith(`/data/${name}.csv`))).toBe(true);
    for (const set of catalogue.dataset)
      for (const field of [
        "title",
        "description",
        "keyword",
        "modified",
        "publisher",
        "contactPoint",
        "identifier",
        "accessLevel",
      ])
        expect(set[field]).toBeTruthy();
    expect((await visit(world, "/data/nothing.csv")).status).toBe(404);
    expect((await visit(world, "/data/forums.exe")).status).toBe(404);
  });
});

test("the page has every file as schema.org has it, in both languages", async () => {
  for (const path of ["/data", "/cy/data"]) {
    const { html } = await visit(world, path);
    expect(html.match(/itemtype="https:\/\/schema\.org\/Dataset"/g)).toHaveLength(names.length);
    for (const name of names) expect(html).toContain(`href="/data/${name}.csv"`);
    expect(html).toContain("open-government-licence/version/3");
  }
});

test("no cell of a CSV is a formula, wherever it came from", async () => {
  const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"];
  const forums = formulas.map((name, i) => ({
    slug: `formula-${i}`,
    name: `${name.trim()}x`,
    description: `${name.trim()}cmd|' /C calc'!A0`,
    runBy: name.trim(),
    audience: [`${name.trim()}1`],
    figures: [{ what: `=SUM(A1:A${i + 1})`, value: 1, date: "2026", source: "@x" }],
    directory: { otherNames: ["=2", "=3"], places: ["+44"], rulesForOfficials: "-2+3" },
  }));
  expect((await world.apply({ forums })).status).toBe(200);
  for (const name of names) {
    const lines: string[][] = parse((await visit(world, `/data/${name}.csv`)).html, {
      record_delimiter: "\r\n",
    });
    expect(lines.flat().filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
  }
  expect((await visit(world, "/data/forums.csv")).html).toContain("'=2; =3");
});

test("feeds have what changed, the newest first, and nothing of a forum that took itself out", async () => {
  await world.apply({ forums: [{ slug: "fed", name: "Fed & <watered>" }] });
  await world.apply({ forums: [{ slug: "fed", name: "Fed & <watered>", url: "https://fed.example/" }] });
  const atom = await visit(world, "/forums/changes.atom");
  expect(atom.headers.get("content-type")).toBe("application/atom+xml; charset=utf-8");
  expect(atom.html).toContain("<title>Fed &amp; &lt;watered&gt;: changed</title>");
  const feed = await json("/forums/changes.json");
  expect(feed.items.slice(0, 2).map(({ title }: { title: string }) => title)).toEqual([
    "Fed & <watered>: changed",
    "Fed & <watered>: listed",
  ]);
  await visit(world, new URL(listingLink(world.instance.deps, "fed")).pathname, {});
  for (const path of [
    "/forums/changes.atom",
    "/forums/changes.json",
    "/data/forums.csv",
    "/data/forums.json",
    "/data/reach.csv",
    "/hsds/services?search=fed",
  ])
    expect((await visit(world, path)).html).not.toContain("watered");
  expect((await visit(world, "/data/forums/fed.json")).status).toBe(404);
});

test("no file has what forums keep to themselves", async () => {
  for (const path of [
    ...names.flatMap((name) => [`/data/${name}.csv`, `/data/${name}.json`]),
    "/data/forums/example-parents.json",
    "/hsds/services",
  ])
    expect((await visit(world, path)).html).not.toMatch(/Tess|tess@|dns-record|callback/i);
});
