import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languages, nations, urgencies } from "../../src/contract/vocabulary.ts";
import {
  compileRules,
  decideRoute,
  type RoutingInputs,
  type Rule,
  type RuleConditions,
  RuleSet,
  type UnavailableReason,
} from "../../src/routing/index.ts";
import { manyInputs, manyRules } from "./make-rules.ts";

const pools = [
  { slug: "dwp", name: "Universal Credit specialists" },
  { slug: "hmrc", name: "Tax advisors" },
];
const because = "Universal Credit is reserved to DWP in Great Britain";
const rules = RuleSet.parse([
  { when: { topic: ["universal-credit"], nation: ["england", "wales", "scotland"] }, to: "dwp", because },
  { when: { words: ["tax code", "paye"] }, to: "hmrc", because: "Tax codes are set by HMRC." },
  { when: { area: ["leeds"], board: ["Money Talk"] }, to: "hmrc", because: "Leeds has its own desk" },
  { when: { flag: ["press"] }, to: "triage", because: "Journalists are answered by the press office." },
  { when: { topic: ["universal-credit"] }, to: "hmrc", because: "Nobody else is left" },
  { to: "triage" },
]);
const compiled = compileRules(rules, { pools });
const base: RoutingInputs = { forum: "example", text: "", language: "en", urgency: "normal" };

describe("a decision", () => {
  test("names the first rule that holds, its pool and its sentence, word for word", () => {
    const decision = decideRoute(compiled, { ...base, topic: "universal-credit", nation: "wales" });
    expect(decision).toMatchObject({ rule: 1, pool: "dwp", because, guessed: false, skipped: [] });
  });

  test("says that the topic was guessed, but only where the rule that decides asks for the topic", () => {
    const guess = { ...base, topic: "universal-credit", topicGuessed: true, nation: "wales" } as const;
    const decision = decideRoute(compiled, guess);
    expect(decision.guessed).toBe(true);
    expect(decision.because).toBe(`${because}. The topic was guessed from the words of the post.`);
    const byWords = decideRoute(compiled, { ...guess, topic: "other", text: "which PAYE office" });
    expect(byWords).toMatchObject({ rule: 2, guessed: false, because: "Tax codes are set by HMRC." });
  });

  test("goes to triage when no rule holds, and says so", () => {
    const decision = decideRoute(compiled, base);
    expect(decision).toMatchObject({ rule: 6, pool: null, guessed: false });
    expect(decision.because).toMatch(/No rule says where this belongs/);
  });

  test("goes to triage by a rule of its own, with that rule's sentence", () => {
    const decision = decideRoute(compiled, { ...base, flags: ["press"] });
    expect(decision).toMatchObject({
      rule: 4,
      pool: null,
      because: "Journalists are answered by the press office.",
    });
  });

  test("compares areas and boards as words, and areas part by part", () => {
    const at = (area: string, board: string) => decideRoute(compiled, { ...base, area, board }).rule;
    expect(at("LEEDS, West Yorkshire", "money-talk")).toBe(3);
    expect(at("West Yorkshire,  Leeds ", "Money Talk")).toBe(3);
    expect(at("North Leeds", "Money Talk")).toBe(6);
  });

  test.each([
    ["already-tried", { triedPools: ["dwp"] }, /has had this referral before/],
    ["pool-closed", { unavailable: new Map([["dwp", "pool-closed" as const]]) }, /has closed/],
    [
      "no-active-advisor",
      { unavailable: new Map([["dwp", "no-active-advisor" as const]]) },
      /no advisor at present/,
    ],
    ["not-agreed", { unavailable: new Map([["dwp", "not-agreed" as const]]) }, /agreed no referrals/],
  ])("passes over a rule whose pool is %s and keeps the reason", (reason, state, sentence) => {
    const decision = decideRoute(compiled, { ...base, topic: "universal-credit", nation: "wales", ...state });
    expect(decision).toMatchObject({ rule: 5, pool: "hmrc", skipped: [{ rule: 1, pool: "dwp", reason }] });
    expect(decision.because).toMatch(/^Nobody else is left\. /);
    expect(decision.because).toMatch(sentence);
    expect(decision.because).toContain("Universal Credit specialists");
  });

  test("goes to triage when every pool that fits is ruled out, and says which", () => {
    const decision = decideRoute(compiled, {
      ...base,
      topic: "universal-credit",
      nation: "wales",
      triedPools: ["dwp", "hmrc"],
    });
    expect(decision.pool).toBeNull();
    expect(decision.skipped.map(({ rule }) => rule)).toEqual([1, 5]);
    expect(decision.because).toMatch(/^No pool that would fit/);
    expect(decision.because).toMatch(/Tax advisors has had this referral before\.$/);
  });

  test("never sends to a pool that does not exist", () => {
    const decision = decideRoute(compileRules(rules, { pools: [] }), { ...base, text: "tax code" });
    expect(decision).toMatchObject({
      pool: null,
      skipped: [{ rule: 2, pool: "hmrc", reason: "pool-unknown" }],
    });
  });

  test("keeps codes and words of the rules only: no text and no area", () => {
    const text = "My tax code is wrong and I live at 3 Canary Row";
    const { inputs } = decideRoute(compiled, {
      ...base,
      text,
      area: "Canaryville",
      topic: "paye",
      topicGuessed: true,
    });
    expect(JSON.stringify(inputs)).not.toMatch(/canary|wrong/i);
    expect(inputs).toMatchObject({ areaGiven: true, words: ["tax code"], topic: "paye", topicGuessed: true });
  });
});

const codes = ["a", "b", "c", "d"];
const someOf = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null });

const anyConditions = fc
  .record(
    {
      forum: someOf(codes),
      board: someOf(codes),
      topic: someOf(codes),
      words: someOf(["a", "b", "a b", "c d a"]),
      nation: someOf(nations),
      area: someOf(codes),
      audience: someOf(codes),
      language: someOf(languages),
      urgency: someOf(urgencies),
      flag: someOf(codes),
      clinic: someOf(codes),
    },
    { requiredKeys: [] },
  )
  .map((when) => Object.fromEntries(Object.entries(when).slice(0, 3)) as RuleConditions)
  .filter((when) => Object.keys(when).length > 0);

const anyRules = fc
  .array(
    fc.record({
      when: anyConditions,
      to: fc.constantFrom("p1", "p2", "p3", "gone", "triage"),
      because: fc.constant("x"),
    }),
    {
      maxLength: 25,
    },
  )
  .map((some): Rule[] => [...some, { to: "triage" }]);

const anyInputs: fc.Arbitrary<RoutingInputs> = fc.record({
  forum: fc.constantFrom(...codes),
  board: maybe(codes),
  topic: maybe(codes),
  text: fc.array(fc.constantFrom(...codes, "x"), { maxLength: 6 }).map((words) => words.join(" ")),
  nation: maybe(nations),
  area: maybe([...codes, "a, b", "x,c"]),
  audience: fc.subarray(codes),
  language: fc.constantFrom(...languages),
  urgency: fc.constantFrom(...urgencies),
  flags: fc.subarray(codes),
  clinic: maybe(codes),
  triedPools: fc.subarray(["p1", "p2", "p3"], { maxLength: 2 }),
  unavailable: fc
    .subarray(["p1", "p2", "p3"], { maxLength: 1 })
    .map((closed) => new Map<string, UnavailableReason>(closed.map((pool) => [pool, "pool-closed"]))),
});

function has(values: readonly string[] | undefined, ...actual: (string | null | undefined)[]): boolean {
  return !values || actual.some((value) => value != null && values.includes(value));
}

/** The rules as a newcomer would write them: a loop and a comparison for each field. */
function naiveDecision(
  all: readonly Rule[],
  known: readonly string[],
  inputs: RoutingInputs,
): [number, string | null] {
  for (const [position, { when = {}, to }] of all.entries()) {
    const text = ` ${inputs.text} `;
    const isHeld =
      has(when.forum, inputs.forum) &&
      has(when.board, inputs.board) &&
      has(when.topic, inputs.topic) &&
      (!when.words || when.words.some((word) => text.includes(` ${word} `))) &&
      has(when.nation, inputs.nation) &&
      has(when.area, inputs.area, ...(inputs.area ?? "").split(",").map((part) => part.trim())) &&
      has(when.audience, ...(inputs.audience ?? [])) &&
      has(when.language, inputs.language) &&
      has(when.urgency, inputs.urgency) &&
      has(when.flag, ...(inputs.flags ?? [])) &&
      has(when.clinic, inputs.clinic);
    if (!isHeld) continue;
    if (to === "triage") return [position + 1, null];
    if (!known.includes(to) || inputs.triedPools?.includes(to) || inputs.unavailable?.has(to)) continue;
    return [position + 1, to];
  }
  return [all.length, null];
}

const known = ["p1", "p2", "p3"];
const knownPools = known.map((slug) => ({ slug, name: slug }));

describe("an indexed rule set", () => {
  test("decides as a plain loop over the rules does, 5,000 times at random", () => {
    fc.assert(
      fc.property(anyRules, fc.array(anyInputs, { minLength: 1, maxLength: 4 }), (all, several) => {
        const ready = compileRules(all, { pools: knownPools });
        for (const inputs of several) {
          const { rule, pool } = decideRoute(ready, inputs);
          expect([rule, pool]).toEqual(naiveDecision(all, known, inputs));
        }
      }),
      { numRuns: 5_000, seed: 20_261_122 },
    );
  }, 60_000);

  test("that tried its candidates out of order would be noticed by that comparison", () => {
    const fails = () =>
      fc.assert(
        fc.property(anyRules, anyInputs, (all, inputs) => {
          const ready = compileRules(all, { pools: knownPools });
          const reversed = new Map(
            [...ready.index].map(([field, byValue]) => [
              field,
              new Map([...byValue].map(([value, positions]) => [value, positions.toReversed()])),
            ]),
          );
          const { rule } = decideRoute({ ...ready, index: reversed }, inputs);
          expect(rule).toBe(naiveDecision(all, known, inputs)[0]);
        }),
        { numRuns: 5_000, seed: 20_261_122 },
      );
    expect(fails).toThrow();
  }, 60_000);

  test("of 2,000 rules is asked less than one rule in fifty for a decision", () => {
    const all = manyRules(2_000, known);
    const ready = compileRules(RuleSet.parse(all), { pools: knownPools });
    const longest = [...ready.index.values()].flatMap((byValue) =>
      [...byValue.values()].map((list) => list.length),
    );
    const inputs = manyInputs(200);
    let looked = 0;
    const counting = {
      ...ready,
      rules: new Proxy(ready.rules, {
        get(target, key, receiver) {
          if (typeof key === "string" && /^\d+$/.test(key)) looked += 1;
          return Reflect.get(target, key, receiver);
        },
      }),
    };
    for (const one of inputs) decideRoute(counting, one);
    expect(looked / inputs.length).toBeLessThan(40);
    expect(Math.max(...longest)).toBeLessThan(2_000);
  });
});
