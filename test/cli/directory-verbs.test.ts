import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/db/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Commands, createCommands } from "./in-process.ts";

let db: TestDatabase;
let fingerpost: Commands;
beforeAll(async () => {
  db = await createTestDatabase();
  fingerpost = createCommands({ DATABASE_URL: db.url, BASE_URL: "https://fingerpost.example" });
  const { code, stderr } = await fingerpost(["apply", join(packageRoot(), "examples", "register.yaml")]);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => db.drop());

test("what `directory export` prints, `directory import` takes back with nothing to change", async () => {
  const csv = await fingerpost(["directory", "export", "--csv"]);
  const yaml = await fingerpost(["directory", "export"]);
  expect(csv.stdout).toContain("example-parents,Example parents' forum");
  expect(csv.stdout).not.toContain("Tess");
  expect(yaml.stdout).toContain("Tess Green");
  for (const [text, options] of [
    [csv.stdout, ["--csv"]],
    [yaml.stdout, []],
  ] as const) {
    const { code, stdout } = await fingerpost(["directory", "import", "-", ...options], text);
    expect([code, stdout]).toEqual([0, "Unchanged: nothing to change.\n"]);
  }
});

test("an import shows what changes, a dry run changes nothing, and the history says what did", async () => {
  const table = "slug,software\nexample-night-owls,phpBB\n";
  const dry = await fingerpost(["directory", "import", "-", "--csv", "--dry-run"], table);
  expect(dry.stdout).toMatch(
    /~\s+change\s+forum\s+example-night-owls\s+directory\nA dry run: nothing was changed\./,
  );
  const { stdout } = await fingerpost(["directory", "import", "-", "--csv"], table);
  expect(stdout).toContain("Done: 1 changed.");
  const history = await fingerpost(["directory", "history", "example-night-owls"]);
  expect(history.stdout).toMatch(/example-night-owls\s+changed\s+software\n.*added/);
  expect((await fingerpost(["directory", "history", "nobody"])).code).toBe(1);
});

test("a listing link is printed for a forum that is there; what is wrong ends with its exit code", async () => {
  const { stdout } = await fingerpost(["directory", "listing-link", "example-parents"]);
  expect(stdout).toMatch(/^https:\/\/fingerpost\.example\/listing\/[\w-]{43}\n$/);
  expect((await fingerpost(["directory", "listing-link", "nobody"])).code).toBe(1);
  expect((await fingerpost(["directory", "import", "forums.xlsx"])).code).toBe(2);
  expect((await fingerpost(["directory", "import", "-", "--csv"], "name\nNo slug")).code).toBe(1);
});
