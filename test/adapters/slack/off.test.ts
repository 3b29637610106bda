import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { createWorld } from "../../support/world.ts";

const loaded = (): string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("/@slack/"));

test("without Slack's variables an instance runs and nothing of Bolt is loaded", async () => {
  const world = await createWorld();
  expect((await world.refer("parents")).status).toBe(201);
  expect(loaded()).toEqual([]);
  await world.close();
  // The same look sees it once the adapter is there.
  await import("../../../adapters/slack/index.ts");
  expect(loaded().length).toBeGreaterThan(0);
});
