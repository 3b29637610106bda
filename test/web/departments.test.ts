import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { textOf, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await directoryWorld();
});
afterAll(() => world.close());

test("every department is listed with its record, and those without a plan say so", async () => {
  const { status, html } = await visit(world, "/departments");
  expect(status).toBe(200);
  expect(html).toContain('href="/departments/council"');
  expect(textOf(html)).toMatch(/Example Borough Council 1 None published None published/);
});

test("a department's page has its pools, their subjects and languages, and the forums that name it", async () => {
  const { html } = await visit(world, "/departments/veterans");
  const text = textOf(html);
  expect(text).toContain("Example veterans' advisors");
  expect(text).toContain("Support for veterans");
  expect(text).toContain("English, Cymraeg");
  // It agreed to its name only, so nothing says whom it is for or who answers there.
  expect(html).not.toContain("example-old-comrades");
  expect((await visit(world, "/departments/council")).html).toContain('href="/forums/example-quiet-streets"');
});

test("no page names an advisor, and one that is not there is not found", async () => {
  const names = /Amal|Nia Evans|nia\.e|Sol Vance|@veterans/;
  for (const path of [
    "/departments",
    "/departments/dwp",
    "/departments/veterans",
    "/cy/departments/dwp",
    "/data/departments.json",
  ])
    expect((await visit(world, path)).html).not.toMatch(names);
  expect((await visit(world, "/departments/nobody")).status).toBe(404);
});
