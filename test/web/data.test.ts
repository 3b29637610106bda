import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { listingLink } from "../../src/forums/index.ts";
import { datasets } from "../../src/opendata/index.ts";
import { samplePlan } from "../plans/sample-plan.ts";
import type { World } from "../support/world.ts";
import { directoryWorld, sample } from "./directory-support.ts";
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

test("a forum that agreed to its name only has empty cells, which say neither yes nor no", async () => {
  const items = (await json("/data/forums.json")).items;
  const bySlug = new Map(items.map((item: { slug: string }) => [item.slug, item]));
  expect(bySlug.get("example-old-comrades")).toMatchObject({
    members_under_18: null,
    intervention_models: [],
    agreed_on: null,
    consent_scope: "name-only",
  });
  expect(bySlug.get("example-parents")).toMatchObject({ members_under_18: false });
  const entry = await json("/data/forums/example-old-comrades.json");
  expect(Object.keys(entry)).not.toContain("under18");
  expect(Object.keys(entry)).not.toContain("intervention");
});

describe("the public record as files", () => {
  let late: World;
  beforeAll(async () => {
    late = await directoryWorld({ start: new Date("2027-12-08T18:45:00Z") });
    const text = readFileSync(new URL("../../examples/record.yaml", import.meta.url), "utf8");
    const { plans, clinics } = parseYaml(text, { merge: true });
    const admin = await late.keyFor("admin");
    expect((await late.call("PUT", "/v1/plans", admin, { plans })).status).toBe(200);
    expect((await late.call("PUT", "/v1/clinics", admin, { clinics })).status).toBe(200);
  });
  afterAll(() => late.close());
  const items = async (name: string): Promise<Record<string, unknown>[]> =>
    JSON.parse((await visit(late, `/data/${name}.json`)).html).items;

  test("names what is overdue, and every department that has no plan and no report", async () => {
    const plans = await items("plans");
    const council = { department: "council", language: "en", review_due: "2027-10-31" };
    expect(plans.filter(({ department }) => department === "council")).toMatchObject([
      { ...council, version: 2, status: "published", overdue: true, ended_on: null },
      { ...council, version: 1, status: "superseded", overdue: false },
    ]);
    const progress = await items("progress");
    const corrected = { period: "2026-first-fortnight", revision: 2, plan_version: 2 };
    expect(progress.filter(({ department }) => department === "council")).toMatchObject([
      { ...corrected, report_due: "2027-05-31", overdue: true, clinics_held: 1 },
    ]);
    const others = sample.departments.map(({ slug }) => slug).filter((slug) => slug !== "council");
    for (const rows of [plans, progress])
      for (const slug of others)
        expect(rows.filter(({ department }) => department === slug)).toMatchObject([{ overdue: false }]);
    expect(plans.find(({ department }) => department === "hmrc")).toMatchObject({ version: null });
    expect(progress.find(({ department }) => department === "hmrc")).toMatchObject({
      period: null,
      report_due: null,
    });
  });

  test("has nothing of a draft", async () => {
    const admin = await late.keyFor("admin");
    const document = samplePlan({
      title: "Nobody has seen this",
      effectiveFrom: "2028-01-01",
      reviewDue: "2028-12-31",
    });
    expect((await late.call("POST", "/v1/plans/hmrc/draft", admin, { document })).body).toMatchObject({
      version: 1,
    });
    expect((await visit(late, "/data/plans.csv")).html).not.toContain("Nobody has seen this");
  });

  test("has the sessions that come and those that were held", async () => {
    const clinics = await items("clinics");
    expect(clinics[0]).toMatchObject({
      clinic: "example-noise-evening",
      starts_at: "2027-12-08T19:00:00.000Z",
      department: "council",
      state: "planned",
    });
    expect(clinics.at(-1)).toMatchObject({ state: "finished", answered: 14 });
  });

  const daily = {
    pool: "example-council-noise",
    forum: "example-quiet-streets",
    minutes: 15,
    language: "en",
  };
  const hold = async (slug: string, answered: readonly number[]) => {
    const first = Date.parse("2027-04-01T11:00:00Z");
    const timesOf = (day: number, minute: number) =>
      new Date(first + day * 86_400_000 + minute * 60_000).toISOString();
    const held = answered.map((count, i) => ({
      startsAt: timesOf(i, 0),
      finishedAt: timesOf(i, 15),
      answered: count,
      leftOver: 4,
    }));
    const rule = { startsAt: "2027-04-01T12:00", recurrence: `FREQ=DAILY;COUNT=${answered.length}` };
    const document = { ...daily, ...rule, title: slug, description: "Each day." };
    const body = { clinics: [{ slug, document, held }] };
    expect((await late.call("PUT", "/v1/clinics", await late.keyFor("admin"), body)).status).toBe(200);
    return (await items("clinics")).filter(({ clinic }) => clinic === slug);
  };

  test("withholds how many questions a session answered where that is 1 to 9, and what was left over", async () => {
    const held = await hold("few", [0, 1, 9, 10]);
    expect(held.map(({ answered }) => answered)).toEqual([10, null, null, 0]);
    const clinics = await items("clinics");
    expect(clinics.filter((one) => "left_over" in one)).toEqual([]);
    const coming = clinics.filter(({ state }) => state !== "finished");
    expect(coming.length).toBeGreaterThan(0);
    expect(coming.filter(({ answered }) => answered !== null)).toEqual([]);
  });

  test("has every session that was held, however many there are", async () => {
    expect(await hold("many", Array(205).fill(12))).toHaveLength(205);
    const { body } = await late.call("GET", "/v1/clinics/many", null);
    const list = (await late.call("GET", "/v1/clinics", null)).body.items;
    expect(list.find(({ slug }: { slug: string }) => slug === "many")).toEqual(body);
    expect(list.find(({ slug }: { slug: string }) => slug === "few").past).toHaveLength(4);
  });

  test("gives days as the clocks of London have them", async () => {
    const times = {
      createdAt: "2027-06-01T09:00:00Z",
      publishedAt: "2027-07-01T23:30:00Z",
      endedAt: "2027-08-01T23:30:00Z",
    };
    const document = samplePlan({ effectiveFrom: "2027-07-02", reviewDue: "2028-07-01" });
    const version = { version: 1, status: "withdrawn", because: "It ends.", ...times, document };
    const body = { plans: [{ department: "dwp", versions: [version] }] };
    const put = await late.call("PUT", "/v1/plans", await late.keyFor("admin"), body);
    expect([put.status, put.body]).toEqual([200, expect.anything()]);
    const plans = (await items("plans")).filter(({ department }) => department === "dwp");
    expect(plans).toMatchObject([{ published_on: "2027-07-02", ended_on: "2027-08-02" }]);
  });

  test("names no forum that took itself out of the directory", async () => {
    expect((await items("clinics")).length).toBeGreaterThan(0);
    await visit(late, new URL(listingLink(late.instance.deps, "example-quiet-streets")).pathname, {});
    expect(await items("clinics")).toEqual([]);
    expect((await visit(late, "/data/clinics.csv")).html).not.toContain("quiet-streets");
  });
});
