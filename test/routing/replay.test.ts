import { describe, expect, test } from "vitest";
import {
  compileRules,
  decideRoute,
  type PastRouting,
  type RoutingInputs,
  type Rule,
  replayRules,
  ruleWords,
} from "../../src/routing/index.ts";

const pools = ["tax", "benefits", "leeds"].map((slug) => ({ slug, name: slug }));
const base: RoutingInputs = { forum: "example", text: "", language: "en", urgency: "normal" };
const then: Rule[] = [
  { when: { words: ["tax code"] }, to: "tax", because: "x" },
  { when: { topic: ["uc"] }, to: "benefits", because: "x" },
  { to: "triage" },
];

function past(reference: string, inputs: Partial<RoutingInputs>, rules = then): PastRouting {
  const decision = decideRoute(compileRules(rules, { pools }), { ...base, ...inputs });
  return { reference, pool: decision.pool, inputs: decision.inputs, knownWords: new Set(ruleWords(rules)) };
}

const history = [
  past("FP-TAX", { text: "my tax code is odd", topic: "paye" }),
  past("FP-UC", { text: "credit stopped", topic: "uc" }),
  past("FP-LEEDS", { text: "hello", area: "Leeds" }),
  past("FP-NONE", { text: "hello" }),
];

function replay(draft: Rule[]) {
  return replayRules(compileRules([...draft, { to: "triage" }], { pools }), history);
}

describe("replaying a draft over past referrals", () => {
  test("moves nothing when the rules are the same", () => {
    expect(replay(then.slice(0, -1))).toEqual({ moved: [], unchanged: 4, notJudged: [] });
  });

  test("shows what would move, from where, to where and by which rule", () => {
    const draft: Rule[] = [
      { when: { topic: ["paye"] }, to: "benefits", because: "x" },
      { when: { topic: ["uc"] }, to: "tax", because: "x" },
    ];
    expect(replay(draft)).toEqual({
      moved: [
        { reference: "FP-TAX", from: "tax", to: "benefits", rule: 1 },
        { reference: "FP-UC", from: "benefits", to: "tax", rule: 2 },
      ],
      unchanged: 2,
      notJudged: [],
    });
  });

  test("judges words that were looked for then, found or not, and no others", () => {
    const known = replay([{ when: { words: ["Tax Code"] }, to: "benefits", because: "x" }]);
    expect(known.moved.map(({ reference, to }) => [reference, to])).toEqual([
      ["FP-TAX", "benefits"],
      ["FP-UC", null],
    ]);
    expect(known.notJudged).toEqual([]);
    const unknown = replay([{ when: { words: ["credit"] }, to: "benefits", because: "x" }]);
    expect(unknown.notJudged).toHaveLength(4);
    expect(unknown.notJudged[0]?.because).toBe("Rule 1 asks for words, which was not kept.");
  });

  test("does not judge an area that was given, and knows where none was", () => {
    const result = replay([{ when: { area: ["leeds"] }, to: "leeds", because: "x" }, ...then.slice(0, -1)]);
    expect(result.notJudged.map(({ reference }) => reference)).toEqual(["FP-LEEDS"]);
    expect(result.unchanged).toBe(3);
  });

  test("judges in spite of a doubt when another condition fails, an earlier rule decides, or both lead to one place", () => {
    const otherFails = replay([{ when: { words: ["new"], language: ["cy"] }, to: "leeds", because: "x" }]);
    expect(otherFails.notJudged).toEqual([]);
    const earlier = replay([
      { when: { forum: ["example"] }, to: "tax", because: "x" },
      { when: { words: ["new"] }, to: "leeds", because: "x" },
    ]);
    expect(earlier.notJudged).toEqual([]);
    const samePlace = replay([
      { when: { words: ["new"] }, to: "tax", because: "x" },
      { when: { forum: ["example"] }, to: "tax", because: "x" },
    ]);
    expect(samePlace.notJudged).toEqual([]);
    expect(samePlace.moved).toHaveLength(3);
  });

  test("passes over pools that had the referral before, or that do not exist in the draft's register", () => {
    const tried = past("FP-TRIED", { topic: "uc", triedPools: ["tax"] });
    const draft = compileRules(
      [
        { when: { topic: ["uc"] }, to: "tax", because: "x" },
        { when: { topic: ["uc"] }, to: "gone", because: "x" },
        { to: "triage" },
      ],
      { pools },
    );
    expect(replayRules(draft, [tried]).moved).toEqual([
      { reference: "FP-TRIED", from: "benefits", to: null, rule: 3 },
    ]);
  });
});
