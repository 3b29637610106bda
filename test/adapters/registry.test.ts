import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { adapters } from "../../adapters/index.ts";

test("every folder of adapters/ is in the registry, and nothing else", () => {
  const folders = readdirSync(new URL("../../adapters/", import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(Object.keys(adapters).sort()).toEqual(folders.sort());
});

test("every adapter passes the suite of all adapters", () => {
  for (const name of Object.keys(adapters)) {
    const tests = readdirSync(new URL(`./${name}/`, import.meta.url));
    expect(tests).toContain("contract.test.ts");
  }
});

test.each(Object.keys(adapters))("%s says what it can do before it is made", async (name) => {
  const adapter = await adapters[name]?.();
  expect(adapter?.capabilities.notices.length).toBeGreaterThan(0);
  expect(adapter?.createAdapter).toBeTypeOf("function");
});
