import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { textOf, visit } from "./support.ts";

const record = parse(readFileSync(new URL("../../examples/record.yaml", import.meta.url), "utf8"));

let world: World;
beforeAll(async () => {
  world = await directoryWorld({ start: new Date("2026-11-23T10:00:00Z") });
  const taken = await world.call("PUT", "/v1/clinics", await world.keyFor("admin"), {
    clinics: record.clinics,
  });
  if (taken.status !== 200) throw new Error(JSON.stringify(taken.body));
});
afterAll(() => world.close());

describe("clinics", () => {
  test("stand on the page of their forum and of their department: what comes, its calendar, and what came of the last", async () => {
    for (const path of ["/forums/example-quiet-streets", "/departments/council"]) {
      const { html } = await visit(world, path);
      const text = textOf(html);
      expect(text).toContain("9 December 2026 at 19:00: Evening on noise (Example)");
      expect(text).toContain("Most asked: what a noise diary has to say.");
      expect(html).toContain('href="/clinics/example-noise-evening.ics"');
      expect(html).toContain('href="/clinics/example-noise-evening"');
    }
    const { html } = await visit(world, "/cy/forums/example-quiet-streets");
    expect(textOf(html)).toContain("9 Rhagfyr 2026 am 19:00");
    expect((await visit(world, "/departments/council")).html).toContain(
      'href="/departments/council/clinics.ics"',
    );
    expect((await visit(world, "/forums/example-parents")).html).not.toContain('id="clinics"');
    expect((await visit(world, "/departments/veterans")).html).not.toContain('id="clinics"');
  });
});
