import { describe, expect, test } from "vitest";
import {
  compileRules,
  createTopicIndex,
  explainRoute,
  type RoutingInputs,
  RuleSet,
  withGuessedTopic,
} from "../../src/routing/index.ts";
import { manyRules } from "./make-rules.ts";
import { sampleTopics } from "./sample-topics.ts";

const topics = createTopicIndex(sampleTopics);
const base: RoutingInputs = { forum: "example", text: "", language: "en", urgency: "normal" };
const compiled = compileRules(
  RuleSet.parse([
    { when: { topic: ["pip"], nation: ["wales"] }, to: "pip-wales", because: "PIP in Wales" },
    { when: { topic: ["pip"] }, to: "pip", because: "PIP is run by DWP" },
    { when: { topic: ["pip"] }, to: "pip-second", because: "The second pool for PIP" },
    { to: "triage" },
  ]),
  { pools: ["pip-wales", "pip", "pip-second"].map((slug) => ({ slug, name: slug })) },
);

describe("an explanation", () => {
  test("gives the decision, the topics to offer, and each rule with what it failed on", () => {
    const explained = explainRoute(compiled, topics, {
      ...base,
      text: "my PIP review",
      nation: "england",
      triedPools: ["pip"],
    });
    expect(explained.decision).toMatchObject({ rule: 3, pool: "pip-second", guessed: true });
    expect(explained.suggestions[0]?.code).toBe("pip");
    expect(explained.considered).toEqual([
      { rule: 1, to: "pip-wales", matched: false, failedOn: ["nation"], skipped: null },
      { rule: 2, to: "pip", matched: true, failedOn: [], skipped: "already-tried" },
      { rule: 3, to: "pip-second", matched: true, failedOn: [], skipped: null },
    ]);
  });

  test("offers no topics and guesses none where one was given", () => {
    const explained = explainRoute(compiled, topics, { ...base, text: "my PIP review", topic: "passports" });
    expect(explained).toMatchObject({ suggestions: [], decision: { rule: 4, pool: null, guessed: false } });
  });

  test("of 2,000 rules shows the closest 25, in order, the one that decided last", () => {
    const large = compileRules(manyRules(2_000, ["pool"]), { pools: [{ slug: "pool", name: "Pool" }] });
    const explained = explainRoute(large, topics, { ...base, topic: "topic-3" });
    expect(explained.consideredTotal).toBe(2_000);
    expect(explained.considered).toHaveLength(25);
    expect(explained.considered.at(-1)).toMatchObject({ rule: 2_000, matched: true });
    const numbers = explained.considered.map(({ rule }) => rule);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test("guesses only where no topic was chosen and the words are clear", () => {
    expect(withGuessedTopic({ ...base, text: "UC stopped" }, topics)).toMatchObject({
      topic: "universal-credit",
      topicGuessed: true,
    });
    const unclear = { ...base, text: "a letter came" };
    expect(withGuessedTopic(unclear, topics)).toBe(unclear);
    const chosen = { ...base, topic: "pip", text: "UC stopped" };
    expect(withGuessedTopic(chosen, topics)).toBe(chosen);
  });
});
