import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { createWorld } from "../../support/world.ts";

const loaded = (): string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => /[/]@?discord\.?js[/]/.test(path));

test("without Discord's variables an instance runs and nothing of discord.js is loaded", async () => {
  const world = await createWorld();
  expect((await world.refer("parents")).status).toBe(201);
  expect(loaded()).toEqual([]);
  await world.close();
  // The same look sees it once the adapter is there.
  await import("../../../adapters/discord/index.ts");
  expect(loaded().length).toBeGreaterThan(0);
});
