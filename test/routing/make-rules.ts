import type { RoutingInputs, Rule, RuleConditions } from "../../src/routing/index.ts";

/** 2,000 rules of a large register: most ask for a topic or a forum, some for words, a few for neither. */
export function manyRules(count: number, pools: readonly string[]): Rule[] {
  const nations = ["england", "wales", "scotland", "northern-ireland"] as const;
  const rules: Rule[] = Array.from({ length: count - 1 }, (_, i) => {
    const kind = i % 10;
    const nation = nations[i % 4] ?? "wales";
    const when: RuleConditions =
      kind < 5
        ? { topic: [`topic-${i % 400}`], nation: [nation], audience: [`audience-${i % 7}`] }
        : kind < 7
          ? { forum: [`forum-${i % 150}`], topic: [`topic-${i % 400}`, `topic-${(i + 1) % 400}`] }
          : kind < 9
            ? { words: [`word${i}`, `two words ${i % 50}`, "advance payment"], language: ["cy"] }
            : { urgency: ["urgent"], nation: [nation], area: [`area ${i}`] };
    return { when, to: pools[i % pools.length] ?? "triage", because: `Rule ${i + 1} says so` };
  });
  return [...rules, { to: "triage" }];
}

const excerpt = `My advance payment was refused and the work coach says it isn't her department. I have been waiting for
five weeks now, the rent is due on Friday and nobody picks up the phone – I rang four times and was cut off each time.
Has anybody been through this? I don't want to say too much here, but there are two kids in the house and I care for my
mum as well. The letter says I can ask for it to be looked at again but not where to send it. Any pointers welcome, I'm
at my wits' end. Sorry for the long post, and thanks to everyone who answered last time, it really did make a difference.`;

export function manyInputs(count: number): RoutingInputs[] {
  const nations = ["england", "wales", "scotland", "northern-ireland"] as const;
  return Array.from({ length: count }, (_, i) => ({
    forum: `forum-${i % 150}`,
    topic: i % 5 === 0 ? null : `topic-${(i * 7) % 400}`,
    text: `${excerpt} ${i}`,
    nation: nations[i % 4],
    area: i % 3 === 0 ? "Leeds, West Yorkshire" : null,
    audience: [`audience-${i % 7}`],
    language: i % 4 === 1 ? "cy" : "en",
    urgency: i % 9 === 0 ? "urgent" : "normal",
    flags: [],
    triedPools: [],
  }));
}
