import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clean, type Tree, textViolations, violations } from "./support/architecture-fixtures.ts";
import {
  type Cruise,
  cruiseTree,
  type Finding,
  missingModels,
  ruleNames,
  unlistedModels,
} from "./support/architecture-rules.ts";
import { readTree, sourceFiles, sourceRules } from "./support/source-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** With a TypeScript it does not know, dependency-cruiser reads no file and finds nothing: hence the floors. */
const fewestModules = 40;
const fewestImports = 100;

const found = (findings: Finding[], rule: string) =>
  findings.filter((finding) => finding.rule === rule).map(({ where }) => where);

describe("the tree", () => {
  let cruised: Cruise;
  let read: Finding[];

  beforeAll(async () => {
    cruised = await cruiseTree(root);
    read = readTree(root);
  });

  test("is read whole: every file of src/ and adapters/ on disk is a module that was cruised", () => {
    const onDisk = sourceFiles(root).filter((path) => /^(src|adapters)\/.+\.(ts|js)$/.test(path));
    expect(cruised.modules.map(({ source }) => source).sort()).toEqual(onDisk.sort());
    expect(onDisk.length).toBeGreaterThan(fewestModules);
    expect(cruised.modules.flatMap(({ dependencies }) => dependencies).length).toBeGreaterThan(fewestImports);
  });

  test.each(ruleNames)("keeps the rule %s", (rule) => {
    expect(found(cruised.findings, rule)).toEqual([]);
  });

  test.each(sourceRules.map(({ name }) => name))("keeps the rule %s", (rule) => {
    expect(found(read, rule)).toEqual([]);
  });

  test("lists every pure file as a model, and no file that is gone", () => {
    expect(unlistedModels(cruised.modules)).toEqual([]);
    expect(missingModels(cruised.modules)).toEqual([]);
  });
});

describe("a rule", () => {
  const scratch = mkdtempSync(join(tmpdir(), "fingerpost-architecture-"));
  let count = 0;
  afterAll(() => rmSync(scratch, { recursive: true }));

  function written(tree: Tree): string {
    const folder = join(scratch, String(count++));
    mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  const cases = (trees: Record<string, Tree[]>) =>
    Object.entries(trees).flatMap(([rule, all]) =>
      all.map((tree, index) => [rule, index + 1, tree] as const),
    );

  const names = (findings: Finding[]) => [...new Set(findings.map(({ rule }) => rule))];

  test("has a tree that breaks it, and each tree has a rule", () => {
    expect(Object.keys(violations).sort()).toEqual([...ruleNames].sort());
    expect(Object.keys(textViolations).sort()).toEqual(sourceRules.map(({ name }) => name).sort());
  });

  test.each(cases(violations))("%s turns red, alone, on broken tree %i", async (rule, _, tree) => {
    expect(names((await cruiseTree(written(tree))).findings)).toEqual([rule]);
  });

  test.each(cases(textViolations))("%s turns red, alone, on broken text %i", (rule, _, tree) => {
    expect(names(readTree(written(tree)))).toEqual([rule]);
  });

  test("stays green on a tree that does all that is allowed", async () => {
    const folder = written(clean);
    expect((await cruiseTree(folder)).findings).toEqual([]);
    expect(readTree(folder)).toEqual([]);
  });

  test("about models knows a pure file that nobody listed", async () => {
    const { modules } = await cruiseTree(
      written({ "src/pools/tariff.ts": `import "zod"; export const tariff = 1;` }),
    );
    expect(unlistedModels(modules)).toEqual(["src/pools/tariff.ts"]);
    expect(missingModels(modules)).toContain("src/pools/hours.ts");
  });
});
