import { describe, expect, test } from "vitest";
import { Rule, RuleSet, ruleWords, unknownPools } from "../../src/routing/index.ts";

const toDwp = { when: { topic: ["universal-credit"] }, to: "dwp", because: "Universal Credit is run by DWP" };
const last = { to: "triage" };

function issuesOf(rules: unknown) {
  const issues = RuleSet.safeParse(rules).error?.issues ?? [];
  return issues.map((issue) => ({
    path: issue.path,
    hint: "params" in issue ? issue.params?.hint : undefined,
  }));
}

describe("a rule set", () => {
  test("takes the example of the register, and rules to triage without a reason", () => {
    const because = "Universal Credit is reserved to DWP in Great Britain";
    const nation = ["england", "wales", "scotland"];
    const rules = [
      { when: { topic: ["universal-credit"], nation }, to: "dwp-universal-credit", because },
      { when: { flag: ["press"] }, to: "triage" },
      last,
    ];
    expect(RuleSet.parse(rules)).toEqual(rules);
  });

  test.each([
    ["no rules at all", [], []],
    ["a last rule to a pool", [toDwp], [0]],
    ["a last rule to triage with a condition", [{ when: { flag: ["press"] }, to: "triage" }], [0]],
    [
      "a rule that nothing after it could be reached from",
      [{ to: "dwp", because: "All" }, last],
      [0, "when"],
    ],
    ["two last rules", [last, last], [0, "when"]],
    ["a rule to a pool without a reason", [{ when: { topic: ["uc"] }, to: "dwp" }, last], [0, "because"]],
    ["a rule whose conditions are empty", [{ ...toDwp, when: {} }, last], [0, "when"]],
    [
      "a word without a letter or digit",
      [{ ...toDwp, when: { words: ["uc", "?!"] } }, last],
      [0, "when", "words", 1],
    ],
  ])("refuses %s, with its path and a hint", (_, rules, path) => {
    const [first] = issuesOf(rules);
    expect(first?.path).toEqual(path);
    expect(first?.hint).toEqual(expect.stringMatching(/\w{3}/));
  });

  test.each([
    ["an unknown condition", { ...toDwp, when: { topics: ["uc"] } }],
    ["an unknown key", { ...toDwp, priority: 1 }],
    ["an empty list", { ...toDwp, when: { topic: [] } }],
    ["a value that is no list", { ...toDwp, when: { topic: "uc" } }],
    ["an unknown nation", { ...toDwp, when: { nation: ["cornwall"] } }],
    ["an unknown language", { ...toDwp, when: { language: ["fr"] } }],
    ["an unknown urgency", { ...toDwp, when: { urgency: ["asap"] } }],
    ["an empty pool", { ...toDwp, to: "" }],
  ])("refuses %s", (_, rule) => {
    expect(Rule.safeParse(rule).success).toBe(false);
    expect(issuesOf([rule, last]).length).toBeGreaterThan(0);
  });

  test("lists rules to pools that do not exist, and the words it looks for, folded and once", () => {
    const rules = RuleSet.parse([
      toDwp,
      { ...toDwp, when: { words: ["Work Coach", "work  coach", "tŷ"] }, to: "gone" },
      last,
    ]);
    expect(unknownPools(rules, ["dwp"])).toEqual([{ rule: 2, pool: "gone" }]);
    expect(ruleWords(rules)).toEqual(["work coach", "ty"]);
  });
});
