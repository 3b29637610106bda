import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/db/index.ts";
import { Environment } from "../../src/environment.ts";
import { createCommands } from "../cli/in-process.ts";
import { createWorld, type World } from "../support/world.ts";

const page = readFileSync(join(packageRoot(), "docs", "operations.md"), "utf8");
const namesIn = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = ""]) => name))];

describe("docs/operations.md", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test("names the product's own metrics, each of them and no other", async () => {
    const { body } = await world.call("GET", "/metrics", null);
    const served = [...String(body).matchAll(/^# HELP (fingerpost_\w+)/gm)].map(([, name]) => name);
    expect(namesIn(/`(fingerpost_\w+)`/g).sort()).toEqual(served.sort());
  });

  test("names only variables that are read", () => {
    const known: Record<string, unknown> = Environment.shape;
    const named = namesIn(/`([A-Z][A-Z]+_[A-Z_]+|MIGRATE)(?:=\w+)?`/g);
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((name) => !(name in known))).toEqual([]);
  });

  test("names only commands that there are", async () => {
    const fingerpost = createCommands({});
    // A verb is words of small letters; file names, slugs in capitals and options follow it.
    const named = namesIn(/npx fingerpost ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)(?=[ `]|$)/gm);
    expect(named.length).toBeGreaterThan(8);
    for (const name of named) {
      const { code, stdout } = await fingerpost([...name.split(" "), "--help"]);
      expect({ code, usage: stdout.split("\n")[0] }).toEqual({
        code: 0,
        usage: expect.stringContaining(`Usage: fingerpost ${name} `),
      });
    }
  });
});
