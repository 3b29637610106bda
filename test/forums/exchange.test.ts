import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { directoryWorld } from "../web/directory-support.ts";

let world: World;
beforeAll(async () => {
  world = await directoryWorld();
});
afterAll(() => world.close());

const key = () => world.keyFor("person:sol.v");
const take = async (accept: string): Promise<string> =>
  (await world.call("GET", "/v1/directory", await key(), undefined, { accept })).body;
const give = async (text: string, type: string, query = "", who = "person:sol.v") =>
  world.call("PUT", `/v1/directory${query}`, await world.keyFor(who), text, { "content-type": type });

describe("the directory as a file", () => {
  test("comes back unchanged: what was exported changes nothing, as CSV and as YAML", async () => {
    for (const type of ["text/csv", "application/yaml"]) {
      const { status, body } = await give(await take(type), type);
      expect([type, status, body.changes]).toEqual([type, 200, []]);
    }
  });

  test("as CSV changes what is public and leaves what is private, and every other forum, alone", async () => {
    const table =
      "slug,run_by,audience_codes,places\r\nexample-parents,Two parents,parents:forum; in-debt,Cardiff; Rhyl\r\n";
    const dry = await give(table, "text/csv", "?dryRun=true");
    expect(dry.body).toMatchObject({
      applied: false,
      changes: [{ kind: "change", slug: "example-parents" }],
    });
    expect((await give(table, "text/csv")).body.applied).toBe(true);
    const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const entry = body.forums.find(({ slug }: { slug: string }) => slug === "example-parents");
    expect(entry).toMatchObject({
      runBy: "Two parents",
      name: "Example parents' forum",
      platform: "webhook",
      directory: {
        tags: [
          { code: "parents", by: "forum" },
          { code: "in-debt", by: "editor" },
        ],
        places: ["Cardiff", "Rhyl"],
        liaison: { name: "Tess Green" },
        proof: { how: "dns-record" },
      },
    });
  });

  test("as CSV adds forums, and an empty cell takes a value away", async () => {
    const head = "slug,name,url,software,consent_on,consent_scope,intervention_models,agreed_on,agreed_with";
    const row =
      "from-table,From a table,https://table.example/,phpBB,2026-06-01,everything,direct,2026-06-01,its owner";
    expect((await give(`${head}\n${row}\n`, "text/csv")).status).toBe(200);
    const text = "slug,name,software,consent_on,intervention_models\nfrom-table,From a table,,,\n";
    expect((await give(text, "text/csv")).status).toBe(200);
    const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const entry = body.forums.find(({ slug }: { slug: string }) => slug === "from-table");
    expect(entry).toMatchObject({ url: "https://table.example/", intervention: null });
    expect([entry.directory.software, entry.directory.consent]).toEqual([undefined, undefined]);
  });

  test("survives a spreadsheet: what looks like a formula comes back as it was", async () => {
    const name = "=1+1 is our name";
    await world.apply({ forums: [{ slug: "formula", name, directory: { places: ["-by-the-sea"] } }] });
    const csv = await take("text/csv");
    expect(csv).toContain("'=1+1");
    const rows: Record<string, string>[] = parse(csv, { columns: true });
    const { body } = await give(`\ufeff${stringify(rows, { header: true })}`, "text/csv");
    expect(body.changes).toEqual([]);
  });

  test("is refused where it is no table, has no slugs, or says what the register refuses", async () => {
    for (const [text, type] of [
      ['slug,name\n"half', "text/csv"],
      ["name\nNo slug", "text/csv"],
      ["slug,name,audience_codes\nx,X,no-such-audience", "text/csv"],
      ["slug,name,next_review\nx,X,tomorrow", "text/csv"],
      ["pools: []", "application/yaml"],
      ["forums: [", "application/yaml"],
    ] as const) {
      const { status, body } = await give(text, type);
      expect([text, status, body.code]).toEqual([text, 422, "register/invalid"]);
    }
    expect((await give("{}", "application/json")).status).toBe(422);
  });

  test("is for administrators and publishers", async () => {
    expect((await give("slug,name\nx,X", "text/csv", "", "person:sam.t")).body.code).toBe("access/forbidden");
    expect((await give("slug,name\nby-admin,X", "text/csv", "", "admin")).status).toBe(200);
    const { status } = await world.call("GET", "/v1/directory", await world.keyFor("person:sam.t"));
    expect(status).toBe(403);
  });
});

test("the history of an entry is public and says which fields changed", async () => {
  await world.apply({ forums: [{ slug: "historic", name: "Historic" }] });
  await world.apply({ forums: [{ slug: "historic", name: "Historic", directory: { software: "phpBB" } }] });
  // Private parts of an entry are no change of what is published.
  const liaison = { name: "Secret Person" };
  await world.apply({
    forums: [{ slug: "historic", name: "Historic", directory: { software: "phpBB", liaison } }],
  });
  const { body } = await world.call("GET", "/v1/forums/historic/history", null);
  expect(body.items.map(({ kind, fields }: { kind: string; fields: string[] }) => [kind, fields])).toEqual([
    ["changed", ["software"]],
    ["added", []],
  ]);
  const rows = await world.db.prisma.forumVersion.findMany({ where: { forumSlug: "historic" } });
  expect(JSON.stringify(rows.map(({ entry }) => entry))).not.toContain("Secret");
});

test("a listing link is given to the forum's operator and to publishers, and to nobody else", async () => {
  const path = "/v1/forums/example-parents/listing-links";
  const ask = async (scope: string) => world.call("POST", path, await world.keyFor(scope), {});
  const { body } = await ask("person:sol.v");
  expect((await ask("operator:example-parents")).body).toEqual(body);
  expect((await world.call("GET", new URL(body.link).pathname, null)).status).toBe(200);
  for (const scope of ["operator:quiet", "person:sam.t"]) expect((await ask(scope)).status).toBe(403);
});
